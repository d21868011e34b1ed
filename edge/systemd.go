package main

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"
)

// tellSystemd says that the agent is ready and then, if asked to, that it is alive. Without systemd it does nothing.
func tellSystemd(ctx context.Context, getenv func(string) string) error {
	address := getenv("NOTIFY_SOCKET")
	if address == "" {
		return nil
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "unixgram", address)
	if err != nil {
		return fmt.Errorf("tell systemd: %w", err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("READY=1")); err != nil {
		return fmt.Errorf("tell systemd: %w", err)
	}
	every, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || every <= 0 {
		return nil // no watchdog is wanted
	}
	alive := time.NewTicker(time.Duration(every) * time.Microsecond / 2)
	defer alive.Stop()
	for {
		select {
		case <-ctx.Done():
			_, _ = conn.Write([]byte("STOPPING=1"))
			return nil
		case <-alive.C:
			_, _ = conn.Write([]byte("WATCHDOG=1"))
		}
	}
}
