// Package web serves the portal: a React application built by Vite into dist and embedded in the binary. It knows
// nothing of the API that the pages call.
package web

import (
	"embed"
	"io/fs"
)

// A build without Node finds nothing here but placeholder.html, which says how to build the pages.
//
//go:embed all:dist
var embedded embed.FS

// Pages returns the files of the built portal.
func Pages() fs.FS {
	pages, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic(err) // a constant path of an embedded tree: cannot fail in a binary that was built
	}
	return pages
}
