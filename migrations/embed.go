// Package migrations is the schema of the database: numbered SQL files for goose, and nothing else.
package migrations

import "embed"

// FS holds NNNN_name.sql in its root.
//
//go:embed *.sql
var FS embed.FS
