package pbx_test

import (
	"bufio"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/callweave/callweave/lab/pbx"
	"github.com/callweave/callweave/lab/pbx/pbxtest"
)

func TestAnAsteriskStartsAnswersAndStops(t *testing.T) {
	for _, version := range pbx.Versions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			p := pbxtest.Start(t, pbx.Config{Version: version, IP: pbxtest.Network(t).IP(11), SystemName: "pbx-a"})
			m, err := pbx.Dial(t.Context(), p.AMI(), "driver", "driver")
			if err != nil {
				t.Fatal(err)
			}
			answer, err := m.Action(t.Context(), "CoreSettings")
			if err != nil || !strings.HasPrefix(answer["AsteriskVersion"], version) || answer["SystemName"] != "pbx-a" {
				t.Errorf("settings %v, error %v", answer, err)
			}
			if err := m.Close(); err != nil {
				t.Error(err)
			}
			if err := p.Stop(); err != nil {
				t.Error(err)
			}
			if err := syscall.Kill(p.Pid(), 0); !errors.Is(err, syscall.ESRCH) {
				t.Errorf("the process is still there: %v", err)
			}
		})
	}
}

// childOf names the network of a copy of this test program that is to start a PBX and be killed.
const childOf = "CALLWEAVE_LAB_TEST_CHILD"

func TestAnAsteriskDiesWithWhoStartedIt(t *testing.T) {
	if ip := os.Getenv(childOf); ip != "" {
		startAndWait(t, ip)
	}
	ip := pbxtest.Network(t).IP(11)
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Join(pbx.Home(), "run", "test-dies-"+ip)) })
	child := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	child.Env = append(os.Environ(), childOf+"="+ip)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed, which is the point
	for limit := time.After(10 * time.Second); !gone(pid); {
		select {
		case <-limit:
			_ = syscall.Kill(pid, syscall.SIGKILL)
			t.Fatalf("asterisk %d outlived its starter", pid)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// startAndWait is the copy's part: it never comes back.
func startAndWait(t *testing.T, ip string) {
	p, err := pbx.Start(t.Context(), pbx.Config{Name: "test-dies-" + ip, Version: "22", IP: ip}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(p.Pid())
	select {}
}

// gone tells whether a process has ended; one that nobody waited for yet counts.
func gone(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(b), ") Z ")
}
