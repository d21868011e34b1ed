package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/callweave/callweave/edge/ami"
	"github.com/callweave/callweave/edge/capture"
)

type recordCmd struct {
	File string        `arg:"" help:"${help_record_file}"`
	For  time.Duration `help:"${help_record_for}"`
}

// Run records until interrupted. The recording holds names and numbers of callers; the agent's secret is masked.
func (c recordCmd) Run(ctx context.Context, w *world, s *Settings) (err error) {
	secret, err := s.secret()
	if err != nil {
		return err
	}
	amiTLS, err := s.amiTLS()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if c.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	buffered := bufio.NewWriter(f)
	var to io.Writer = buffered
	var packed *gzip.Writer
	if strings.HasSuffix(c.File, ".gz") {
		packed = gzip.NewWriter(buffered)
		to = packed
	}
	fmt.Fprintln(w.out, w.words.Say("Recording to %s; Ctrl-C ends it. It holds callers' numbers and names: give it to nobody but support.", c.File))
	err = capture.Record(ctx, ami.Config{Address: s.AMI.Address, User: s.AMI.User, Secret: secret, TLS: amiTLS}, to, ami.Deps{Log: w.log})
	if packed != nil {
		err = errors.Join(err, packed.Close())
	}
	return errors.Join(err, buffered.Flush())
}
