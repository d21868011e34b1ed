package settings_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/settings"
)

// files fill every list; what a list needs comes before it. Hours, which queues refer to, come first.
func files() [][2]string {
	return [][2]string{
		{"people", "id,person,note,station,device,from,to\n,Anna,,office,101,2026-01-01 09:00,2026-02-01 00:00:30.5\n,Anna,,office,102,2026-02-01,\n,Boris,\"nights, and weekends\",,,,\n"},
		{"hours", "name,mon,tue,wed,thu,fri,sat,sun\nOffice,09:00-13:00 14:00-18:00,09:00-18:00,09:00-18:00,09:00-18:00,09:00-17:00,,\nAlways,00:00-24:00,00:00-24:00,00:00-24:00,00:00-24:00,00:00-24:00,00:00-24:00,00:00-24:00\n"},
		{"holidays", "calendar,day,name,hours\nOffice,2026-01-01,New Year,\nOffice,2026-12-31,Short day,09:00-12:00\n"},
		{"queues", "station,queue,name,zone,hours\noffice,600,Sales,Asia/Vladivostok,Office\nbranch,600,,,Always\n"},
		{"groups", "kind,group,member,station,name\noperators,Team,device,office,102\noperators,Team,person,,Anna\nqueues,All,queue,branch,600\nqueues,All,queue,office,600\nqueues,None,,,\n"},
		{"policies", "station,queue,from,variant,threshold,short,shorts,target,call_back\n,,,SL3,20,5,count,0.8,3600\noffice,600,2026-03-01,SL5,30,10,ignore,0.85,1800\n"},
		{"reasons", "reason,name,paid,work,limit\n,No reason,no,no,0\nlunch,Lunch,no,no,3600\ntraining,,yes,yes,0\n"},
		{"tags", "tag,retired\ncomplaint,no\nold,yes\n"},
		{"trunks", "station,trunk,name,lines\noffice,PJSIP/carrier,=Carrier,30\n"},
		{"dids", "station,number,name\noffice,74951234567,Hotline\n"},
		{"prefixes", "prefix,name\n7495,Moscow\n7812,St Petersburg\n"},
		{"rosters", "person,kind,from,to\nAnna,work,2026-11-25 09:00,2026-11-25 18:00\nAnna,break,2026-11-25 13:00,2026-11-25 14:00\nBoris,work,2026-11-25 22:00,2026-11-26 06:00\n"},
	}
}

func TestEveryListIsWrittenAndReadAgainWithoutAChange(t *testing.T) {
	f := newFixture(t)
	tried := map[string]bool{}
	for _, file := range files() {
		name, text := file[0], file[1]
		tried[name] = true
		if got := f.load(name, text); !strings.Contains(got, ".") || strings.Contains(got, ": ") {
			t.Fatalf("%s is not taken:\n%s", name, got)
		}
		written := f.export(name)
		if got := f.load(name, written); got != "" {
			t.Errorf("%s, read again as written, changes:\n%sThe file:\n%s", name, got, written)
		}
		if got := f.load(name, strings.ReplaceAll("\ufeff"+semicolons(written), "\n", "\r\n")); got != "" {
			t.Errorf("%s, read again with semicolons, changes:\n%s", name, got)
		}
	}
	for _, l := range settings.Lists() {
		if !tried[l.Name] {
			t.Errorf("the list %s is not tried", l.Name)
		}
	}
	want := "station,queue,name,zone,hours\nbranch,600,,,Always\noffice,600,Sales,Asia/Vladivostok,Office\noffice,601,,,\n"
	if diff := cmp.Diff(want, f.export("queues")); diff != "" {
		t.Errorf("queues as written (-want +got):\n%s", diff)
	}
	if got := f.export("trunks"); !strings.Contains(got, "'=Carrier") {
		t.Errorf("a spreadsheet would run a name:\n%s", got)
	}
}

// semicolons is a file as a spreadsheet of a country whose numbers have commas writes it.
func semicolons(file string) string {
	quoted := false
	return strings.Map(func(r rune) rune {
		if r == '"' {
			quoted = !quoted
		}
		if r == ',' && !quoted {
			return ';'
		}
		return r
	}, file)
}

func TestFileIsTakenAsAWholeOrNotAtAll(t *testing.T) {
	f := newFixture(t)
	got := f.load("prefixes", "prefix,name\n7495,Moscow\nseven,Nowhere\n7812,\n")
	want := "3: A prefix is the first digits of a number, at most 20, as calls show it: 7495.\n4: A name is missing.\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if got := f.export("prefixes"); got != "prefix,name\n" {
		t.Errorf("something was taken:\n%s", got)
	}
	if got := f.audit(); got != "" {
		t.Errorf("something was noted:\n%s", got)
	}
}

func TestWhatIsWrongWithAFileIsSaidWithItsLine(t *testing.T) {
	f := newFixture(t)
	f.load("people", "person\nAnna\nBoris\n")
	for name, c := range map[string]struct{ list, file, want string }{
		"empty":             {"tags", " \n", "0: The file is empty."},
		"another encoding":  {"tags", "tag\n\xe6\xe0\xeb\xee\xe1\xe0\n", "0: The file is not UTF-8."},
		"UTF-16":            {"tags", "\xff\xfet\x00a\x00g\x00", "0: The file is not UTF-8."},
		"unknown column":    {"tags", "tag,color\nx,red\n", `1: There is no column "color" in this list. It has: tag, retired.`},
		"missing column":    {"prefixes", "prefix\n7495\n", "1: The column name is missing."},
		"double column":     {"tags", "tag,tag\nx,y\n", "1: The column tag is there twice."},
		"quotation mark":    {"tags", "tag\nx\n\"y\n", "3: A quotation mark is out of place."},
		"too many cells":    {"prefixes", "prefix,name\n7495,Moscow, and around\n", "2: The line has more cells"},
		"no flag":           {"tags", "tag,retired\nx,maybe\n", `2: "maybe" in the column retired is neither yes nor no.`},
		"no number":         {"trunks", "trunk,lines\nPJSIP/carrier,many\n", `2: "many" in the column lines is no whole number.`},
		"no such queue":     {"queues", "queue,name\n699,X\n", "2: There is no queue 699."},
		"which station":     {"queues", "queue,name\n600,X\n", "2: 600 is there at several stations."},
		"no zone":           {"queues", "station,queue,zone\noffice,600,Moscow\n", `2: "Moscow" is no time zone.`},
		"no hours":          {"queues", "station,queue,hours\noffice,600,Office\n", "2: There are no hours of the name Office."},
		"past midnight":     {"hours", "name,mon,tue,wed,thu,fri,sat,sun\nNight,22:00-06:00,,,,,,\n", "2: Hours come one after the other"},
		"no time":           {"rosters", "person,from,to\nAnna,tomorrow,2026-11-25\n", `2: "tomorrow" is no date and time.`},
		"nobody":            {"rosters", "person,from,to\nZoya,2026-11-25 09:00,2026-11-25 18:00\n", "2: Nobody is called Zoya."},
		"overlap":           {"rosters", "person,from,to\nAnna,2026-11-25 09:00,2026-11-25 18:00\nAnna,2026-11-25 17:00,2026-11-25 20:00\n", "3: The time from 2026-11-25 09:00 overlaps"},
		"break alone":       {"rosters", "person,kind,from,to\nAnna,break,2026-11-25 09:00,2026-11-25 10:00\n", "2: The break from 2026-11-25 09:00 is not within"},
		"taken device":      {"people", "person,station,device,from\nAnna,office,101,2026-01-02\nBoris,office,101,2026-01-01\n", "3: In that time the device is Anna's"},
		"variant":           {"policies", "variant,threshold\nSL6,20\n", `2: "SL6" is no variant`},
		"credits too long":  {"policies", "variant,threshold,short\nSL5,20,20\n", "2: In SL5 short abandons are shorter than the threshold."},
		"member of a group": {"groups", "kind,group,member,name\nqueues,Q,person,Anna\n", "2: A group of queues has no people"},
	} {
		if got := f.load(c.list, c.file); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %swant %s", name, got, c.want)
		}
	}
}

func TestRosterOfAFileStandsForTheDaysItSpeaksOf(t *testing.T) {
	f := newFixture(t)
	f.load("people", "person\nAnna\nBoris\n")
	f.load("rosters", "person,from,to\nAnna,2026-11-23 09:00,2026-11-23 18:00\nAnna,2026-11-24 09:00,2026-11-24 18:00\nAnna,2026-11-25 09:00,2026-11-25 18:00\nBoris,2026-11-24 09:00,2026-11-24 18:00\n")
	f.load("rosters", "person,from,to\nAnna,24.11.2026 12:00,24.11.2026 20:00\n")
	want := `person,kind,from,to
Anna,work,2026-11-23 09:00,2026-11-23 18:00
Anna,work,2026-11-24 12:00,2026-11-24 20:00
Anna,work,2026-11-25 09:00,2026-11-25 18:00
Boris,work,2026-11-24 09:00,2026-11-24 18:00
`
	if diff := cmp.Diff(want, f.export("rosters")); diff != "" {
		t.Errorf("rosters (-want +got):\n%s", diff)
	}
}

func TestTimesOfTheHourThatComesTwiceAreWrittenWithTheirOffset(t *testing.T) {
	f := newFixture(t)
	f.must(func(e *settings.Editor) error { return e.SetZone(t.Context(), "Europe/Berlin") })
	f.load("people", "person,station,device,from,to\nAnna,office,101,2026-10-25T00:30:00Z,2026-10-25T01:30:00Z\n")
	file := f.export("people")
	if strings.Count(file, "T02:30:00+0") != 1 || strings.Count(file, "2026-10-25 02:30") != 1 {
		t.Errorf("written as:\n%s", file)
	}
	if got := f.load("people", file); got != "" {
		t.Errorf("read again, it changes:\n%s", got)
	}
}

func TestNobodyElseReadsTheSettingsOfATenant(t *testing.T) {
	f := newFixture(t)
	for _, file := range files() {
		f.load(file[0], file[1])
	}
	other := *f
	other.tenant = newTenant(t, f)
	for _, l := range settings.Lists() {
		if got := other.export(l.Name); got != strings.Join(l.Columns, ",")+"\n" {
			t.Errorf("another tenant reads of %s:\n%s", l.Name, got)
		}
	}
	f.tx(func(tx pgx.Tx) error {
		tag, err := tx.Exec(t.Context(), `UPDATE tenants SET zone = 'UTC' WHERE id <> current_tenant()`)
		if tag.RowsAffected() != 0 {
			t.Errorf("the zone of another tenant was changed")
		}
		return err
	})
}
