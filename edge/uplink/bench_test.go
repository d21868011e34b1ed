package uplink_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/callweave/callweave/edge/uplink"
	"github.com/callweave/callweave/shared/wire"
)

// endless is a spool that never runs dry: the same batches again and again with growing numbers.
type endless struct {
	stream    uint64
	batches   [][]byte
	infos     []wire.BatchInfo
	committed atomic.Uint64
	total     uint64
	end       chan struct{} // all is committed
}

func newEndless(b *testing.B, n, size int) *endless {
	b.Helper()
	s := &endless{stream: 99, end: make(chan struct{}, 1)}
	e := wire.NewBatchEncoder()
	for i := range n {
		first := uint64(i*size) + 1
		e.Reset(s.stream, first)
		for j := range size {
			ev := wire.Event{Seq: first + uint64(j), Received: time.Now().UnixNano(), ID: wire.EvVarSet, Fields: []wire.Field{
				{ID: wire.FChannel, Value: "PJSIP/101-00000001"}, {ID: wire.FValue, Value: rand.Text()},
			}}
			if err := e.Add(&ev); err != nil {
				b.Fatal(err)
			}
		}
		s.batches = append(s.batches, e.Finish(nil))
		info, err := wire.PeekBatch(s.batches[i])
		if err != nil {
			b.Fatal(err)
		}
		s.infos = append(s.infos, info)
	}
	s.total = uint64(n * size)
	return s
}

func (s *endless) Stream() uint64    { return s.stream }
func (s *endless) NextSeq() uint64   { return s.total + 1 }
func (s *endless) Committed() uint64 { return s.committed.Load() }

func (s *endless) Commit(seq uint64) error {
	s.committed.Store(seq)
	if seq == s.total {
		s.end <- struct{}{}
	}
	return nil
}

func (s *endless) Read(uint64) uplink.Reader { return &endlessReader{s: s} }

type endlessReader struct {
	s *endless
	n int
}

func (r *endlessReader) Next(ctx context.Context) ([]byte, wire.BatchInfo, error) {
	if r.n == len(r.s.batches) {
		<-ctx.Done()
		return nil, wire.BatchInfo{}, ctx.Err()
	}
	r.n++
	return r.s.batches[r.n-1], r.s.infos[r.n-1], nil
}

func (s *endless) bytes() (n int64) {
	for _, b := range s.batches {
		n += int64(len(b))
	}
	return n
}

// BenchmarkUplink sends a fixed amount through agent and gateway until it is committed. Compare with
// BenchmarkBareQUIC, which writes as many bytes in pieces of 64 KB through quic-go alone.
func BenchmarkUplink(b *testing.B) {
	s := newEndless(b, 4000, 256)
	b.SetBytes(s.bytes())
	c := newCloud(b)
	c.discard, c.cfg.BytesPerSecond = true, -1
	address, _ := c.start()
	who := c.enrol(time.Now())
	for b.Loop() {
		s.committed.Store(0)
		c.do(func() { delete(c.cursor, who.id) })
		link := uplink.New(uplink.Config{Gateway: address}, uplink.Deps{Spool: s, Identity: who, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan struct{})
		go func() { _ = link.Run(ctx); close(done) }()
		<-s.end
		cancel()
		<-done
	}
}

func BenchmarkBareQUIC(b *testing.B) {
	s := newEndless(b, 4000, 256)
	size := s.bytes()
	b.SetBytes(size)
	c := newCloud(b)
	certificate, err := c.served.Get(nil)
	if err != nil {
		b.Fatal(err)
	}
	listener, err := quic.ListenAddr("127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{*certificate}, NextProtos: []string{"x"}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	for b.Loop() {
		done := make(chan int64)
		go func() { done <- drain(b.Context(), listener) }()
		conn, err := quic.DialAddr(b.Context(), listener.Addr().String(), &tls.Config{RootCAs: c.authority.Pool(), NextProtos: []string{"x"}, ServerName: "127.0.0.1"}, nil)
		if err != nil {
			b.Fatal(err)
		}
		stream, err := conn.OpenUniStream()
		if err != nil {
			b.Fatal(err)
		}
		piece := make([]byte, 64<<10)
		for left := size; left > 0; left -= int64(len(piece)) {
			if _, err := stream.Write(piece[:min(left, int64(len(piece)))]); err != nil {
				b.Fatal(err)
			}
		}
		_ = stream.Close()
		if n := <-done; n != size {
			b.Fatalf("%d of %d bytes", n, size)
		}
		_ = conn.CloseWithError(0, "")
	}
}

func drain(ctx context.Context, listener *quic.Listener) int64 {
	conn, err := listener.Accept(ctx)
	if err != nil {
		return 0
	}
	stream, err := conn.AcceptUniStream(ctx)
	if err != nil {
		return 0
	}
	n, _ := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{stream}, make([]byte, 64<<10))
	return n
}

// BenchmarkIdleAgents reports the gateway's memory for each of a thousand quiet agents; they live in another process.
func BenchmarkIdleAgents(b *testing.B) {
	const agents = 1000
	c := newCloud(b)
	c.cfg.Sweep = 2 * time.Second
	address, _ := c.start()
	crowd := make([]*identity, agents)
	for i := range crowd {
		crowd[i] = c.enrol(time.Now())
	}
	for b.Loop() {
		before := memory()
		stop := startCrowd(b, c, address, crowd)
		c.until("all are there", func() bool {
			n := 0
			for _, a := range c.agents {
				if !a.mark.IsZero() {
					n++
				}
			}
			return n == agents
		})
		during := memory()
		b.ReportMetric(float64(during-before)/1024/agents, "KB/agent")
		b.ReportMetric(float64(runtime.NumGoroutine())/agents, "goroutines/agent")
		stop()
		c.until("all are gone", func() bool {
			for _, a := range c.agents {
				if !a.mark.IsZero() {
					return false
				}
			}
			return true
		})
	}
}

// memory is what the Go runtime holds for live objects and stacks.
func memory() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// member is an identity on its way to the process of the crowd.
type member struct{ Certificate, Key []byte }

// startCrowd runs this test binary again as TestCrowd.
func startCrowd(b *testing.B, c *cloud, address string, crowd []*identity) (stop func()) {
	b.Helper()
	members := make([]member, len(crowd))
	for i, who := range crowd {
		key, err := x509.MarshalPKCS8PrivateKey(who.certificate.PrivateKey)
		if err != nil {
			b.Fatal(err)
		}
		members[i] = member{who.certificate.Certificate[0], key}
	}
	text, err := json.Marshal(members)
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestCrowd$")
	cmd.Env = append(os.Environ(), "CALLWEAVE_CROWD="+address, "CALLWEAVE_CROWD_CA="+string(c.authority.CertificatePEM()))
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	if _, err := in.Write(append(text, '\n')); err != nil {
		b.Fatal(err)
	}
	return func() {
		_ = in.Close()
		_ = cmd.Wait()
	}
}

// TestCrowd is the other process of BenchmarkIdleAgents; by itself it does nothing.
func TestCrowd(t *testing.T) {
	address := os.Getenv("CALLWEAVE_CROWD")
	if address == "" {
		t.Skip("only for BenchmarkIdleAgents")
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(os.Getenv("CALLWEAVE_CROWD_CA")))
	in := bufio.NewReader(os.Stdin)
	text, err := in.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var members []member
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	turns := make(chan struct{}, 16)
	for i, m := range members {
		key, err := x509.ParsePKCS8PrivateKey(m.Key)
		if err != nil {
			t.Fatal(err)
		}
		who := &identity{pool: pool, certificate: tls.Certificate{Certificate: [][]byte{m.Certificate}, PrivateKey: key}}
		turns <- struct{}{}
		link := uplink.New(uplink.Config{Gateway: address, Handshake: 30 * time.Second}, uplink.Deps{
			Spool: &endless{stream: uint64(i) + 1, end: make(chan struct{}, 1)}, Identity: who, Now: time.Now, Log: slog.New(slog.DiscardHandler),
			Report: func() wire.Report { return wire.Report{Counters: map[string]int64{"events": 0}} },
		})
		all.Go(func() { _ = link.Run(ctx) })
		all.Go(func() {
			for link.Stats().Transport == "" && ctx.Err() == nil {
				<-time.After(time.Millisecond)
			}
			<-turns
		})
	}
	_, _ = in.ReadByte() // until the other side closes
	cancel()
	all.Wait()
}
