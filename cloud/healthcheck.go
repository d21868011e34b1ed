package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"
)

type healthcheckCmd struct {
	Portal string `default:"https://localhost:8443" env:"CALLWEAVE_HEALTHCHECK_URL" help:"URL of the portal to ask."`
}

// Run asks and fails where the answer is not that all is well. The certificate is not looked at: whether this node can
// serve is the question, not what it is called from outside.
func (c healthcheckCmd) Run(ctx context.Context, w *world) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Portal+"/api/v1/health", nil)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // see above
	reply, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return errors.New("the cloud runs and cannot serve: " + reply.Status)
	}
	fmt.Fprintln(w.out, "ok")
	return nil
}
