// Package catalogue finds the sentences that the source says and writes them as gettext files. It is for the generator
// and the tests; the running program needs only the finished catalogues.
package catalogue

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Message is one sentence and the files that say it.
type Message struct {
	ID    string
	Files []string
}

// Extract finds every sentence said below dir: the first argument of each call of locale.Say, and of say in package report,
// in every Go file but tests. Paths are relative to dir. An argument that is no literal is an error, for nobody could translate it.
func Extract(dir string) ([]Message, error) {
	found := map[string][]string{}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		return extractFile(dir, file, found)
	})
	if err != nil {
		return nil, fmt.Errorf("extract messages: %w", err)
	}
	messages := make([]Message, 0, len(found))
	for id, in := range found {
		slices.Sort(in)
		messages = append(messages, Message{ID: id, Files: slices.Compact(in)})
	}
	slices.SortFunc(messages, func(a, b Message) int { return strings.Compare(a.ID, b.ID) })
	return messages, nil
}

func extractFile(dir, file string, found map[string][]string) error {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	name, err := filepath.Rel(dir, file)
	if err != nil {
		return err
	}
	ast.Inspect(f, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || err != nil || !says(c) && !marks(c, f.Name.Name) {
			return err == nil
		}
		id, known := literal(c.Args[0])
		if !known {
			err = fmt.Errorf("%s: the text to say must stand there as a literal", set.Position(c.Pos()))
			return false
		}
		found[id] = append(found[id], filepath.ToSlash(name))
		return true
	})
	return err
}

func says(c *ast.CallExpr) bool {
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Say" || len(c.Args) == 0 {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == "locale"
}

// marks tells a call of the function by which package report, which the browser runs without the words, marks its texts.
func marks(c *ast.CallExpr, pkg string) bool {
	x, ok := c.Fun.(*ast.Ident)
	return ok && x.Name == "say" && pkg == "report" && len(c.Args) == 1
}

// literal joins the parts of a text written over several lines with +.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := literal(e.X)
		right, also := literal(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	}
	return "", false
}

// Write puts messages into a .po file with a translation each, where translate knows one.
func Write(file, language string, messages []Message, translate func(id string) string) error {
	var b strings.Builder
	b.WriteString("msgid \"\"\nmsgstr \"\"\n\"Project-Id-Version: callweave\\n\"\n")
	fmt.Fprintf(&b, "\"Language: %s\\n\"\n", language)
	b.WriteString("\"MIME-Version: 1.0\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Content-Transfer-Encoding: 8bit\\n\"\n")
	b.WriteString("\"Plural-Forms: " + plurals(language) + "\\n\"\n")
	for _, m := range messages {
		b.WriteString("\n")
		for _, f := range m.Files {
			fmt.Fprintf(&b, "#: %s\n", f)
		}
		if strings.Contains(m.ID, "%") {
			b.WriteString("#, c-format\n")
		}
		fmt.Fprintf(&b, "msgid %s\nmsgstr %s\n", quote(m.ID), quote(translate(m.ID)))
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil { //nolint:gosec // a source file, for everybody to read
		return fmt.Errorf("write catalogue: %w", err)
	}
	return nil
}

func plurals(language string) string {
	if language == "ru" {
		return "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
	}
	return "nplurals=2; plural=(n != 1);"
}

// quote writes s as gettext does: quotes, backslashes and line ends escaped, everything else as it is.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(s) + `"`
}
