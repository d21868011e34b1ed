// Command gen writes the cloud's message catalogues: the template, English as the source has it, and Russian with the
// translations it already has. It names what lacks a translation.
package main

import (
	"fmt"
	"os"

	"github.com/leonelquinteros/gotext"

	"github.com/callweave/callweave/cloud/locale/catalogue"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run works in cloud/locale, where go generate starts it.
func run() error {
	messages, err := catalogue.Extract("..")
	if err != nil {
		return err
	}
	none := func(string) string { return "" }
	if err := catalogue.Write("po/callweave.pot", "", messages, none); err != nil {
		return err
	}
	if err := catalogue.Write("po/en.po", "en", messages, func(id string) string { return id }); err != nil {
		return err
	}
	russian := gotext.NewPo()
	if old, err := os.ReadFile("po/ru.po"); err == nil {
		russian.Parse(old)
	}
	return catalogue.Write("po/ru.po", "ru", messages, func(id string) string {
		if russian.IsTranslated(id) {
			return russian.GetDomain().GetTranslations()[id].Trs[0]
		}
		fmt.Fprintf(os.Stderr, "no Russian yet: %s\n", id)
		return ""
	})
}
