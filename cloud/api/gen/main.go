// Command gen writes cloud/api/openapi.json, the description from which the portal's types are made.
package main

import (
	"fmt"
	"os"

	"github.com/callweave/callweave/cloud/api"
)

func main() {
	text, err := api.Describe()
	if err == nil {
		err = os.WriteFile("openapi.json", text, 0o644) //nolint:gosec // a source file, for everybody to read
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
