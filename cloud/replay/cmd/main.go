// Command replay is for trying recordings while the cloud's own command is being made.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/callweave/callweave/cloud/replay"
)

func main() {
	if err := replay.Run(context.Background(), os.Args[len(os.Args)-1], "json", os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
