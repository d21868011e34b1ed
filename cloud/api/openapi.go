package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callweave/callweave/cloud/report"
)

// prefix is where this version of the interface lives.
const prefix = "/api/v1"

// humaConfig describes the interface as a whole.
func (a *API) humaConfig() huma.Config {
	c := huma.DefaultConfig("Callweave", "1")
	c.Info.Description = "Call-centre statistics for Asterisk. Errors are problem+json with a code for machines and a sentence in the viewer's language."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil // no $schema in every answer
	c.Transformers = []huma.Transformer{a.transform}
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: cookieName, Description: "Set by signing in"},
		"token":   {Type: "http", Scheme: "bearer", Description: "Of a program, see POST /tokens"},
	}
	a.problemSchema = c.Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	return c
}

const reportSchemas = "Report"

// schemaName keeps what reports are made of apart from what the other answers are: both have a Queue.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.PkgPath() == reflect.TypeFor[report.Names]().PkgPath() {
		name = reportSchemas + name
	}
	return name
}

// Describe returns the OpenAPI description of the interface, indented and ending with a line feed, without anything
// having to run. It is committed as openapi.json, from which the portal's types are made.
func Describe() ([]byte, error) {
	a, err := New(Config{}, Deps{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return a.openapi()
}

func (a *API) openapi() ([]byte, error) {
	raw, err := a.huma.OpenAPI().MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("describe api: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return nil, fmt.Errorf("describe api: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
