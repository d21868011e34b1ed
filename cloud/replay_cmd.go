package main

import (
	"context"

	"github.com/callweave/callweave/cloud/replay"
)

type replayCmd struct {
	Dir    string `arg:"" type:"existingdir" help:"Folder with one folder per PBX, each with a trace.ami or trace.ami.gz."`
	Format string `enum:"auto,table,json" default:"auto" help:"${enum}; auto is a table on a terminal."`
}

// Run prints the calls of a recording.
func (c replayCmd) Run(ctx context.Context, w *world) error {
	format := c.Format
	if format == "auto" {
		format = "json"
		if isTerminal(w.out) {
			format = "table"
		}
	}
	return replay.Run(ctx, c.Dir, format, w.out)
}
