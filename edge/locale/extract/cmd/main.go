// Command cmd brings the agent's catalogues up to date; go generate runs it.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/callweave/callweave/edge/locale/extract"
)

func main() {
	in := flag.String("in", "..", "folder with the sources")
	out := flag.String("out", ".", "folder with the catalogues")
	flag.Parse()
	if err := extract.Catalogues(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "extract:", err)
		os.Exit(1)
	}
}
