package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestGeneratedFilesAreFresh(t *testing.T) {
	files, err := generate(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is stale: run go run ./shared/wire/gen", name)
		}
	}
}

func TestNewNamesAreOnlyAppended(t *testing.T) {
	src := fstest.MapFS{
		"events.txt":     {Data: []byte("Zulu\nAlpha\n")},
		"fields.txt":     {Data: []byte("Zeta\n")},
		"documented.txt": {Data: []byte("event Bravo call\n\tBeta\n\tZETA\nevent alpha call\n")},
		"overlay.txt":    {Data: []byte("event NewAlpha call\n\tBeta\n")},
		"seen.txt":       {Data: []byte("event Charlie\n\tGamma\n")},
	}
	files, err := generate(src)
	if err != nil {
		t.Fatal(err)
	}
	names := func(file string) []string {
		return strings.Fields(strings.SplitN(string(files[file]), "\n", 2)[1])
	}
	if d := cmp.Diff([]string{"Zulu", "Alpha", "Charlie", "NewAlpha", "Bravo"}, names("gen/events.txt")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"Zeta", "Gamma", "Beta"}, names("gen/fields.txt")); d != "" {
		t.Error(d)
	}
}

const documentation22 = `<?xml version="1.0"?><docs xmlns:xi="http://www.w3.org/2001/XInclude">
<manager name="Login"><syntax><parameter name="ActionID"/></syntax></manager>
<managerEvent name="One"><managerEventInstance class="EVENT_FLAG_CALL"><syntax>
  <channel_snapshot/><channel_snapshot prefix="Dest"/><parameter name="Plain"/><parameter name="Report(x)"/>
  <xi:include xpointer="xpointer(/docs/manager[@name='Login']/syntax/parameter[@name='ActionID'])"/>
  <xi:include xpointer="xpointer(docs/managerEvent[@name='Two']/managerEventInstance/syntax/parameter)"/>
</syntax></managerEventInstance></managerEvent>
<managerEvent name="Two"><managerEventInstance class="EVENT_FLAG_AGENT"><syntax>
  <bridge_snapshot prefix="To"/><parameter name="ReportA"/><parameter name="B"/>
  <xi:include xpointer="xpointer(/docs/managerEvent[@name='One']/managerEventInstance/syntax/parameter[@name='Plain'])"/>
</syntax></managerEventInstance></managerEvent>
<managerEvent name="Three"><managerEventInstance class="EVENT_FLAG_AGENT"><syntax>
  <xi:include xpointer="xpointer(/docs/managerEvent[@name='Two']/managerEventInstance/syntax/parameter[contains(@name, 'Report')])"/>
</syntax></managerEventInstance></managerEvent></docs>`

func TestDocumentationIncludesAreResolvedInCirclesToo(t *testing.T) {
	root, err := readTree(strings.NewReader(documentation22))
	if err != nil {
		t.Fatal(err)
	}
	defs, err := newDocumentation(root).definitions()
	if err != nil {
		t.Fatal(err)
	}
	want := "event One call\n\tchannel\n\tchannel Dest\n\tPlain\n\tActionID\n\tReportA\n\tB\n" +
		"event Three agent\n\tReportA\nevent Two agent\n\tbridge To\n\tReportA\n\tB\n\tPlain\n"
	if d := cmp.Diff(want, string(defs.render(""))); d != "" {
		t.Error(d)
	}
}

func TestDocumentationWithAnUnknownIncludeIsRefused(t *testing.T) {
	broken := strings.Replace(documentation22, "/syntax/parameter)", "/syntax/para[2])", 1)
	root, err := readTree(strings.NewReader(broken))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = newDocumentation(root).definitions(); err == nil || !strings.Contains(err.Error(), "unknown form") {
		t.Errorf("want an unknown form, got %v", err)
	}
}
