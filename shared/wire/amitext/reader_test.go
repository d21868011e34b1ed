package amitext_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

// said is an event as text: its name, then its fields.
func said(ev *wire.Event) string {
	name := ev.Name
	if ev.ID != 0 {
		name = wire.EventName(ev.ID)
	}
	var b strings.Builder
	b.WriteString(name)
	if ev.PBXTime != 0 {
		fmt.Fprintf(&b, " @%d", ev.PBXTime)
	}
	for _, f := range ev.Fields {
		key := f.Name
		if f.ID != 0 {
			key = wire.FieldName(f.ID)
		}
		fmt.Fprintf(&b, "|%s=%s", key, f.Value)
	}
	return b.String()
}

func readAll(t testing.TB, r *amitext.Reader) []string {
	t.Helper()
	var ev wire.Event
	var all []string
	for {
		err := r.Next(&ev)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, said(&ev))
	}
}

func TestReaderTakesWhatAsteriskSends(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"CRLF", "Event: Hold\r\nChannel: a\r\n\r\nEvent: Unhold\r\nChannel: b\r\n\r\n", []string{"Hold|Channel=a", "Unhold|Channel=b"}},
		{"LF alone", "Event: Hold\nChannel: a\n\n", []string{"Hold|Channel=a"}},
		{"CRLF LF at the end, as CoreShowChannelMap had", "Event: Hold\r\nChannel: a\r\n\r\n\nEvent: Unhold\r\n\r\n", []string{"Hold|Channel=a", "Unhold"}},
		{"many empty lines", "\r\n\n\r\nEvent: Hold\r\n\r\n\r\n\r\n", []string{"Hold"}},
		{"values with colons, spaces and nothing", "Event: VarSet\r\nVariable:a\r\nValue:  x: y \r\nAppData:\r\n\r\n", []string{"VarSet|Variable=a|Value= x: y |AppData="}},
		{"keys in any case", "EVENT: hangup\r\nchannel: a\r\nUNIQUEID: 1\r\n\r\n", []string{"Hangup|Channel=a|Uniqueid=1"}},
		{
			"repeated keys", "Event: Newstate\r\nChanVariable: a=1\r\nChanVariable: b=2\r\nDestChanVariable: c=3\r\nChanVariable(x): d=4\r\n\r\n",
			[]string{"Newstate|ChanVariable=a=1|ChanVariable=b=2|DestChanVariable=c=3|ChanVariable(x)=d=4"},
		},
		{"unknown event and field", "Event: Brandnew\r\nNovelty: 1\r\n\r\n", []string{"Brandnew|Novelty=1"}},
		{"response", "Response: Success\r\nActionID: 7\r\nPing: Pong\r\nTimestamp: 1.5\r\n\r\n", []string{"Callweave.Response @1500000|Response=Success|ActionID=7|Ping=Pong|Timestamp=1.5"}},
		{"an event with a field Response", "Event: OriginateResponse\r\nResponse: Failure\r\n\r\n", []string{"OriginateResponse|Response=Failure"}},
		{"event not first", "Privilege: call,all\r\nEvent: Hold\r\n\r\n", []string{"Hold|Privilege=call,all"}},
		{"event twice", "Event: Hold\r\nEvent: Hangup\r\n\r\n", []string{"Hold|Event=Hangup"}},
		{"time", "Event: Hold\r\nTimestamp: 1795385476.145617\r\nChannel: a\r\n\r\n", []string{"Hold @1795385476145617|Channel=a"}},
		{"time without decimals stays a field too", "Event: Hold\r\nTimestamp: 1795385476\r\n\r\n", []string{"Hold @1795385476000000|Timestamp=1795385476"}},
		{"time that is none", "Event: Hold\r\nTimestamp: soon\r\n\r\n", []string{"Hold|Timestamp=soon"}},
		{"bytes that are no UTF-8", "Event: Newstate\r\nCallerIDName: \xcf\xe5\xf2\xff\r\n\r\n", []string{"Newstate|CallerIDName=\xcf\xe5\xf2\xff"}},
		{
			"output of a command, new", "Response: Success\r\nActionID: 7\r\nOutput: a: b\r\nOutput: \r\n\r\n",
			[]string{"Callweave.Response|Response=Success|ActionID=7|Output=a: b|Output="},
		},
		{
			"output of a command, old", "Response: Follows\r\nPrivilege: Command\r\nActionID: 7\r\nActionID: not a header\n\nEvent: Hold\n--END COMMAND--\r\n\r\nEvent: Hold\r\n\r\n",
			[]string{"Callweave.Response|Response=Follows|Privilege=Command|ActionID=7|Output=ActionID: not a header|Output=|Output=Event: Hold", "Hold"},
		},
		{
			"old output without a last line end", "Response: Follows\r\nActionID: 7\r\nlast--END COMMAND--\r\n\r\n",
			[]string{"Callweave.Response|Response=Follows|ActionID=7|Output=last"},
		},
		{"no packet", "SSH-2.0-OpenSSH\r\n\r\nEvent: Hold\r\n\r\n", []string{
			"Callweave.NotUnderstood|Callweave.Reason=no-packet|Callweave.Count=1|Callweave.Raw=SSH-2.0-OpenSSH\r\n\r\n", "Hold",
		}},
		{"line without a colon", "Event: Hold\r\nnonsense\r\nChannel: a\r\n\r\nEvent: Unhold\r\n\r\n", []string{
			"Hold|Channel=a", "Callweave.NotUnderstood|Callweave.Reason=no-field|Callweave.Count=1|Callweave.Raw=nonsense", "Unhold",
		}},
		{"cut in a packet", "Event: Hold\r\n\r\nEvent: Hangup\r\nChan", []string{
			"Hold", "Callweave.NotUnderstood|Callweave.Reason=truncated|Callweave.Count=1|Callweave.Raw=Event: Hangup\r\nChan",
		}},
		{"NUL bytes and a name of nothing", "Event: \r\nChannel: \x00\r\n\r\n:\r\n: \r\n\r\n", []string{
			"Callweave.NotUnderstood|Callweave.Reason=no-packet|Callweave.Count=1|Callweave.Raw=Event: \r\nChannel: \x00\r\n\r\n",
			"Callweave.NotUnderstood|Callweave.Reason=no-packet|Callweave.Count=1|Callweave.Raw=:\r\n: \r\n\r\n",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, twice := range []bool{false, true} { // the second time by guessing
				in, want := c.in, c.want
				if twice && !strings.Contains(c.name, "cut") {
					in, want = in+in, append(append([]string{}, want...), want...)
				}
				if d := cmp.Diff(want, readAll(t, amitext.NewReader(strings.NewReader(in)))); d != "" {
					t.Error(d)
				}
				if d := cmp.Diff(want, readAll(t, amitext.NewReader(iotest.OneByteReader(strings.NewReader(in))))); d != "" {
					t.Error("byte by byte: ", d)
				}
			}
		})
	}
}

func TestReaderBoundsWhatIsEnormous(t *testing.T) {
	limits := amitext.Limits{Line: 100, Packet: 200 << 10, Fields: 10}
	long := strings.Repeat("x", 1000)
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"line", "Event: Hold\r\nAppData: " + long + "\r\nChannel: a\r\n\r\n", []string{
			"Hold|AppData=" + long[:91] + "|Channel=a",
			"Callweave.NotUnderstood|Callweave.Reason=line-too-long|Callweave.Count=1|Callweave.Raw=AppData: " + long[:91],
		}},
		{"fields", "Event: Hold\r\n" + strings.Repeat("ChanVariable: a=b\r\n", 12) + "\r\n", []string{
			"Hold" + strings.Repeat("|ChanVariable=a=b", 10),
			"Callweave.NotUnderstood|Callweave.Reason=too-many-fields|Callweave.Count=1|Callweave.Raw=ChanVariable",
		}},
		{"packet of lines", "Event: Hold\r\nChannel: a\r\n" + strings.Repeat("nonsense\r\n", 30<<10) + "\r\n", []string{
			"Hold|Channel=a",
			"Callweave.NotUnderstood|Callweave.Reason=packet-too-long|Callweave.Count=1|Callweave.Raw=" +
				("Event: Hold\r\nChannel: a\r\n" + strings.Repeat("nonsense\r\n", 1000))[:4096],
		}},
		{"packet without lines", strings.Repeat("y", 300<<10) + "\r\n\r\n", []string{
			"Callweave.NotUnderstood|Callweave.Reason=packet-too-long|Callweave.Count=1|Callweave.Raw=" + strings.Repeat("y", 4096),
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := c.in + "Event: Unhold\r\n\r\n"
			want := append(append([]string{}, c.want...), "Unhold")
			for name, src := range map[string]io.Reader{
				"at once": strings.NewReader(in), "in halves": iotest.HalfReader(strings.NewReader(in)),
				"byte by byte": iotest.OneByteReader(strings.NewReader(in)),
			} {
				r := amitext.NewReaderLimits(src, limits)
				if d := cmp.Diff(want, readAll(t, r)); d != "" {
					t.Errorf("%s: %.2000s", name, d)
				}
				if r.Counters().NotUnderstood != 1 {
					t.Errorf("%s: %+v", name, r.Counters())
				}
			}
		})
	}
}

func TestReaderGoesOnAfterATemporaryError(t *testing.T) {
	src := iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("Event: Hold\r\nChannel: a\r\n\r\n")))
	r := amitext.NewReader(src)
	var ev wire.Event
	err := r.Next(&ev)
	if !errors.Is(err, iotest.ErrTimeout) {
		t.Fatalf("want a time-out, got %v", err)
	}
	if err := r.Next(&ev); err != nil || said(&ev) != "Hold|Channel=a" {
		t.Errorf("%s, %v", said(&ev), err)
	}
}

func TestReaderGivesUpOnASourceThatGivesNothing(t *testing.T) {
	var ev wire.Event
	if err := amitext.NewReader(neverReady{}).Next(&ev); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("got %v", err)
	}
}

type neverReady struct{}

func (neverReady) Read([]byte) (int, error) { return 0, nil }

func TestBannerIsOneLineOfAsterisk(t *testing.T) {
	r := amitext.NewReader(iotest.OneByteReader(strings.NewReader("Asterisk Call Manager/11.0.0\r\nEvent: Hold\r\n\r\n")))
	if got, err := r.Banner(); got != "Asterisk Call Manager/11.0.0" || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	if d := cmp.Diff([]string{"Hold"}, readAll(t, r)); d != "" {
		t.Error(d)
	}
	for in, want := range map[string]error{
		"SSH-2.0-OpenSSH_9.2\r\n":  amitext.ErrNoBanner,
		strings.Repeat("x", 5000):  amitext.ErrNoBanner,
		"Asterisk Call Man":        io.EOF,
		"":                         io.EOF,
		"\x16\x03\x01 no text\n\n": amitext.ErrNoBanner,
	} {
		if got, err := amitext.NewReader(strings.NewReader(in)).Banner(); !errors.Is(err, want) || len(got) > 1024 {
			t.Errorf("%.20q: %.20q, %v", in, got, err)
		}
	}
}

func TestReaderAllocatesNothingPerEvent(t *testing.T) {
	var stream bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&stream, "Event: Newstate\r\nPrivilege: call,all\r\nTimestamp: 1795385476.145617\r\nChannel: PJSIP/%d\r\n"+
			"Uniqueid: %d\r\nNovelty: %d\r\n%s\r\n", i, i, i, strings.Repeat("ChanVariable: a=b\r\n", i%3))
	}
	var src bytes.Reader
	r, ev := amitext.NewReader(&src), wire.Event{}
	n := testing.AllocsPerRun(5, func() {
		src.Reset(stream.Bytes())
		r.Reset(&src)
		for r.Next(&ev) == nil {
		}
	})
	if n > 1 {
		t.Errorf("%v allocations for 1000 events", n)
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("Event: Hold\r\nChannel: a\r\n\r\nEvent: Unhold\r\n\r\n"), uint8(3))
	f.Add([]byte("Response: Follows\r\nPrivilege: Command\r\nActionID: 1\r\n\r\nx\n--END COMMAND--\r\n\r\n"), uint8(1))
	f.Add([]byte("Event: A\nChanVariable: a=b\nChanVariable: a=b\nchanvariable: c=d\n\n\n\r\n\nnonsense\n\n"), uint8(7))
	f.Add([]byte("\r\r\n:\n: :\r\nEvent:\xff\r\nTimestamp: 99999999999.999999\r\n\r\nEvent: x\r"), uint8(0))
	f.Add(bytes.Repeat([]byte("Event: VarSet\r\nValue: "+strings.Repeat("z", 200)+"\r\n"), 40), uint8(200))
	f.Fuzz(func(t *testing.T, in []byte, chunk uint8) {
		limits := amitext.Limits{Line: 64, Packet: 1 << 10, Fields: 8}
		whole := readAll(t, amitext.NewReaderLimits(bytes.NewReader(in), limits))
		inParts := readAll(t, amitext.NewReaderLimits(&chunks{in, int(chunk) + 1}, limits))
		if len(in) < 1<<10 { // beyond, where a packet is cut depends on what has arrived
			if d := cmp.Diff(whole, inParts); d != "" {
				t.Errorf("another result in parts of %d: %s", int(chunk)+1, d)
			}
		}
	})
}

// chunks gives n bytes at a time.
type chunks struct {
	b []byte
	n int
}

func (c *chunks) Read(p []byte) (int, error) {
	if len(c.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), c.n)], c.b)
	c.b = c.b[n:]
	return n, nil
}
