package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// embedded is a NATS server in this process, without a port. It can be replaced by a new one while clients stay: they
// reconnect by themselves.
type embedded struct {
	dir   string
	bytes int64 // that all streams together may take
	log   *slog.Logger

	mu      sync.Mutex
	current *server.Server
}

func startEmbedded(cfg *Config) (*embedded, error) {
	e := &embedded{dir: cfg.Dir, bytes: 2 * int64(cfg.Partitions) * cfg.MaxBytes, log: cfg.Log}
	return e, e.start()
}

func (e *embedded) start() error {
	s, err := server.NewServer(&server.Options{
		ServerName: "callweave", DontListen: true, JetStream: true, StoreDir: e.dir, SyncAlways: true, JetStreamMaxStore: e.bytes,
		MaxPayload: maxPayload, MaxPending: 64 << 20, NoSigs: true, NoSystemAccount: false, WriteDeadline: callTime,
	})
	if err != nil {
		return fmt.Errorf("start embedded event log: %w", err)
	}
	s.SetLoggerV2(natsLog{e.log}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(30 * time.Second) {
		s.Shutdown()
		return fmt.Errorf("start embedded event log: it is not ready after half a minute")
	}
	e.mu.Lock()
	e.current = s
	e.mu.Unlock()
	return nil
}

// InProcessConn is how a client gets to whichever server runs now.
func (e *embedded) InProcessConn() (net.Conn, error) {
	e.mu.Lock()
	s := e.current
	e.mu.Unlock()
	if s == nil {
		return nil, errors.New("embedded event log is being started")
	}
	return s.InProcessConn()
}

func (e *embedded) stop() {
	e.mu.Lock()
	s := e.current
	e.current = nil
	e.mu.Unlock()
	if s != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
}

// intact tells whether the store's directory is still the one the server writes to.
func (e *embedded) intact(partitions int) bool {
	for p := range partitions {
		if _, err := os.Stat(filepath.Join(e.dir, server.JetStreamStoreDir, server.DEFAULT_GLOBAL_ACCOUNT, "streams", streamName(p), "msgs")); err != nil {
			return false
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.current != nil && e.current.JetStreamEnabled()
}

// watch replaces the embedded server when its files went away or it turned JetStream off, as it does when the disk
// fails. The log then starts empty, and the agents are asked to send again what the database does not have.
func (l *Log) watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	pause := shortestPause
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if l.server.intact(l.cfg.Partitions) {
			pause = shortestPause
			continue
		}
		l.cfg.Log.ErrorContext(ctx, "event log's files are gone or broken, starting an empty one; agents send again what is not committed", "dir", l.cfg.Dir)
		if err := l.restart(ctx); err != nil && ctx.Err() == nil {
			pause = min(2*pause, 30*time.Second)
			l.cfg.Log.ErrorContext(ctx, "event log does not start, trying again", "error", err, "pause", pause)
			wait(ctx, pause)
		}
	}
}

func (l *Log) restart(ctx context.Context) error {
	l.server.stop()
	if err := os.RemoveAll(filepath.Join(l.cfg.Dir, server.JetStreamStoreDir)); err != nil {
		return err
	}
	if err := l.server.start(); err != nil {
		return err
	}
	for !l.nc.IsConnected() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return l.prepare(ctx)
}

// natsLog passes on what the server says, its chatter as debug.
type natsLog struct{ log *slog.Logger }

func (n natsLog) say(level slog.Level, format string, v ...any) {
	n.log.Log(context.Background(), level, "event log says", "text", fmt.Sprintf(format, v...))
}

// Noticef is part of what the server wants of a logger.
func (n natsLog) Noticef(format string, v ...any) { n.say(slog.LevelDebug, format, v...) }

// Warnf is part of what the server wants of a logger.
func (n natsLog) Warnf(format string, v ...any) { n.say(slog.LevelWarn, format, v...) }

// Fatalf is part of what the server wants of a logger.
func (n natsLog) Fatalf(format string, v ...any) { n.say(slog.LevelError, format, v...) }

// Errorf is part of what the server wants of a logger.
func (n natsLog) Errorf(format string, v ...any) { n.say(slog.LevelError, format, v...) }

// Debugf is part of what the server wants of a logger.
func (n natsLog) Debugf(format string, v ...any) { n.say(slog.LevelDebug, format, v...) }

// Tracef is part of what the server wants of a logger.
func (n natsLog) Tracef(format string, v ...any) { n.say(slog.LevelDebug, format, v...) }
