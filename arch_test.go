package callweave_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/callweave/callweave/"

// rule says which packages of this module the packages below a folder may import, and why. The longest matching
// folder decides. A package may always import what lies below itself.
type rule struct {
	folder string
	may    []string
	std    bool // no module outside this one and the standard library but those in "modules"
	mods   []string
	why    string
}

var rules = []rule{
	{folder: "shared/wire", may: []string{"shared/wire"}, why: "the contract knows neither of the two sides it binds"},
	{folder: "tenants", may: nil, why: "the tenant handle is what everything else passes around"},
	{folder: "migrations", may: nil, why: "SQL and the files it is embedded in, nothing else"},

	{folder: "edge", may: []string{"edge", "shared/wire"}, why: "the agent meets the cloud only in shared/wire"},
	{folder: "edge/ami", may: []string{"shared/wire"}, why: "the AMI client knows nothing of spool or uplink"},
	{folder: "edge/spool", may: []string{"shared/wire"}, why: "the spool stores bytes; who writes and who sends them is not its business"},
	{folder: "edge/uplink", may: []string{"shared/wire"}, why: "the uplink sees the spool through an interface of its own"},
	{folder: "edge/dialplan", may: nil, why: "it writes configuration and knows nothing of calls"},
	{folder: "edge/capture", may: []string{"shared/wire", "edge/ami"}, why: "capture joins the PBX to whatever stores batches"},

	{folder: "cloud", may: []string{"cloud", "tenants", "migrations", "shared/wire"}, why: "the cloud's main wires all of the cloud and nothing of the edge"},
	{
		folder: "cloud/call", may: []string{"shared/wire"}, std: true, mods: []string{"github.com/fxamacker/cbor/v2"},
		why: "assembly has no I/O and no clock: the same events give the same calls, live and years later",
	},
	{folder: "cloud/report", may: []string{"shared/wire"}, std: true, why: "the arithmetic runs in the browser too"},
	{folder: "cloud/coverage", may: nil, std: true, why: "it is arithmetic, for the browser too"},
	{folder: "cloud/coverage/heard", may: []string{"cloud/coverage"}, why: "it reads what the arithmetic is done with"},
	{
		folder: "cloud/names", may: []string{"tenants", "cloud/coverage", "cloud/report", "cloud/rights"},
		why: "it tells reports who is who, in a transaction of the caller's",
	},
	{folder: "cloud/rights", may: nil, std: true, why: "every door asks it, and it opens nothing"},
	{folder: "cloud/replay", may: []string{"cloud/call", "shared/wire"}, why: "replay needs no database"},
	{folder: "cloud/pg", may: []string{"tenants", "migrations"}, why: "the database layer knows no table"},
	{folder: "cloud/eventlog", may: []string{"tenants"}, why: "the log carries sealed batches"},
	{folder: "cloud/directory", may: []string{"tenants", "cloud/pg"}, why: "names and ids, nothing about calls"},
	{
		folder: "cloud/identity", may: []string{"cloud/call", "cloud/locale"},
		why: "it tells assemblers and people what was decided, in a transaction of theirs",
	},
	{folder: "cloud/settings", may: []string{"tenants", "cloud/identity", "cloud/locale"}, why: "it writes what administrators decide, in a transaction of theirs"},
	{folder: "cloud/locale", may: nil, why: "words only"},
	{folder: "cloud/wording", may: []string{"cloud/locale", "cloud/report"}, why: "words for figures that others computed"},
	{folder: "cloud/export", may: []string{"cloud/locale", "cloud/report", "cloud/wording"}, why: "files of what it is given; it asks nobody"},
	{folder: "cloud/mail", may: []string{"cloud/locale", "tenants", "cloud/pg"}, why: "letters through a server; what is in them is others' business"},
	{folder: "cloud/digest", may: []string{"cloud/export", "cloud/locale", "cloud/report", "cloud/wording"}, why: "it writes letters and sends none"},
	{
		folder: "cloud/schedule", may: []string{"tenants", "cloud/pg", "cloud/digest", "cloud/export", "cloud/locale", "cloud/mail", "cloud/report", "cloud/rights"},
		why: "it sends what others compute, as their owners see it",
	},
	{
		folder: "cloud/figures", may: []string{"tenants", "cloud/pg", "cloud/export", "cloud/locale", "cloud/names", "cloud/report", "cloud/rights", "cloud/wording"},
		why: "it joins facts, names, engine and words",
	},
	{folder: "cloud/views", may: nil, why: "names of addresses, in a transaction of whoever asks"},
	{folder: "cloud/web", may: nil, why: "it serves files"},
	{folder: "cloud/control", may: []string{"tenants", "cloud/pg", "cloud/locale", "shared/wire"}, why: "certificates and enrolment tokens, no events"},
	{
		folder: "cloud/users", may: []string{"tenants", "cloud/pg", "cloud/rights", "cloud/identity", "cloud/locale"},
		why: "who signs in and what they may do; not what is asked for",
	},
	{folder: "cloud/ingest", may: []string{"tenants", "cloud/eventlog", "shared/wire"}, why: "ingest checks batches and hands them to the log"},
	{
		folder: "cloud/gateway", may: []string{"tenants", "cloud/ingest", "cloud/eventlog", "cloud/control", "cloud/pg", "shared/wire"},
		why: "the gateway speaks to agents; it does not know what a call is",
	},
	{
		folder: "cloud/assemble", may: []string{"tenants", "cloud/pg", "cloud/eventlog", "cloud/directory", "cloud/call", "cloud/coverage", "shared/wire"},
		why: "the pipeline joins log, assembler and database",
	},
	{
		folder: "cloud/reassemble", may: []string{"tenants", "cloud/pg", "cloud/directory", "cloud/assemble", "cloud/call", "shared/wire"},
		why: "re-assembly reads what the pipeline stored and writes through it",
	},
	{folder: "cloud/logs", may: nil, why: "it reads files and knows nothing of calls"},
	{
		folder: "cloud/logs/retell", may: []string{"cloud/logs", "cloud/call", "shared/wire"}, std: true,
		why: "what logs tell is told to the assembler as events; no I/O, no clock",
	},
	{
		folder: "cloud/importing", may: []string{"tenants", "cloud/pg", "cloud/directory", "cloud/assemble", "cloud/call", "cloud/coverage", "cloud/logs", "shared/wire"},
		why: "the past goes in by the same assembler and through the same pipeline",
	},
	{
		folder: "cloud/facts", may: []string{"tenants", "cloud/pg", "cloud/report", "cloud/rights"},
		why: "it reads what the pipeline wrote, for whoever may see it, and asks nobody else what that is",
	},
	{
		folder: "cloud/api", may: []string{
			"cloud/importing",
			"cloud/assemble",
			"cloud/call",
			"cloud/control",
			"cloud/coverage",
			"cloud/directory",
			"cloud/eventlog",
			"cloud/export",
			"cloud/facts",
			"cloud/figures",
			"cloud/identity",
			"cloud/locale",
			"cloud/mail",
			"cloud/names",
			"cloud/pg",
			"cloud/report",
			"cloud/rights",
			"cloud/schedule",
			"cloud/settings",
			"cloud/users",
			"cloud/views",
			"cloud/web",
			"cloud/wording",
			"shared/wire",
			"tenants",
		},
		why: "the API reads what others wrote",
	},
	{folder: "lab", may: []string{"lab", "edge", "cloud", "tenants", "migrations", "shared/wire"}, why: "the lab runs the whole"},
}

// TestImportsFollowTheArchitecture reads the import lines of every Go file but tests, which may reach further.
func TestImportsFollowTheArchitecture(t *testing.T) {
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "node_modules" || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || !strings.Contains(file, "/"):
			return nil
		}
		checkFile(t, filepath.ToSlash(file))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, file string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, src, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	folder := path.Dir(file)
	r := ruleFor(folder)
	if r == nil {
		t.Errorf("%s: no rule says what %s may import; add one to arch_test.go", file, folder)
		return
	}
	for _, imp := range f.Imports {
		name, _ := strconv.Unquote(imp.Path.Value)
		if own, ok := strings.CutPrefix(name, module); ok {
			if !within(own, r.folder) && !slices.ContainsFunc(r.may, func(m string) bool { return within(own, m) }) {
				t.Errorf("%s imports %s: %s", file, own, r.why)
			}
			continue
		}
		if r.std && strings.Contains(strings.Split(name, "/")[0], ".") && !slices.Contains(r.mods, name) {
			t.Errorf("%s imports %s: %s", file, name, r.why)
		}
		if r.std && slices.Contains([]string{"os", "net", "net/http", "database/sql", "os/exec", "syscall"}, name) {
			t.Errorf("%s imports %s: %s", file, name, r.why)
		}
	}
}

func ruleFor(folder string) *rule {
	var best *rule
	for i := range rules {
		if within(folder, rules[i].folder) && (best == nil || len(rules[i].folder) > len(best.folder)) {
			best = &rules[i]
		}
	}
	return best
}

func within(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }
