// Package extract collects the sentences the agent says, that is, the first arguments of every call of Say, and
// brings the catalogues up to date: new sentences are added without a translation, those nobody says are taken out.
package extract

import (
	"bytes"
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

	"github.com/leonelquinteros/gotext"
)

// Catalogues rewrites the catalogues in folder out by the sources below folder in.
func Catalogues(in, out string) error {
	sentences, err := collect(in)
	if err != nil {
		return err
	}
	for _, language := range []string{"en", "ru"} {
		name := filepath.Join(out, language+".po")
		old, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		if err := os.WriteFile(name, catalogue(language, old, sentences), 0o644); err != nil { //nolint:gosec // a source file
			return err
		}
	}
	return nil
}

// sentence is a msgid and the files that say it.
type sentence struct {
	id    string
	files []string
}

func collect(root string) ([]sentence, error) {
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := said(n); ok && !slices.Contains(found[id], filepath.ToSlash(relative)) {
				found[id] = append(found[id], filepath.ToSlash(relative))
			}
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("collect sentences: %w", err)
	}
	sentences := make([]sentence, 0, len(found))
	for id, files := range found {
		slices.Sort(files)
		sentences = append(sentences, sentence{id, files})
	}
	slices.SortFunc(sentences, func(a, b sentence) int {
		if c := strings.Compare(a.files[0], b.files[0]); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	return sentences, nil
}

// said recognises x.Say("…"), also when the literal is a sum of literals.
func said(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "Say" {
		return "", false
	}
	return literal(call.Args[0])
}

func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		a, okA := literal(e.X)
		b, okB := literal(e.Y)
		return a + b, okA && okB && e.Op == token.ADD
	default:
		return "", false
	}
}

func catalogue(language string, old []byte, sentences []sentence) []byte {
	po := gotext.NewPo()
	po.Parse(old)
	known := po.GetDomain().GetTranslations()
	var b bytes.Buffer
	fmt.Fprintf(&b, "msgid \"\"\nmsgstr \"\"\n\"Language: %s\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Content-Transfer-Encoding: 8bit\\n\"\n", language)
	for _, s := range sentences {
		translation := ""
		if t := known[s.id]; t != nil {
			translation = t.Trs[0]
		}
		fmt.Fprintf(&b, "\n#: %s\nmsgid %s\nmsgstr %s\n", strings.Join(s.files, " "), quote(s.id), quote(translation))
	}
	return b.Bytes()
}

// quote writes a PO string; PO knows fewer escapes than Go.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(s) + `"`
}
