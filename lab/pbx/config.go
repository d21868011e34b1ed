package pbx

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/template"
)

// Versions lists the Asterisk versions lab/setup.sh makes, newest first.
func Versions() []string { return []string{"22", "16"} }

// Config is one PBX.
type Config struct {
	Name       string // names the instance's directory, unique among the running ones
	Version    string // "22" or "16"
	IP         string // 127.0.N.x: AMI on port 5038, SIP over UDP on 5060
	Carrier    string // address the outside calls from; default 127.0.N.50
	SystemName string // systemname of asterisk.conf: a prefix of every Uniqueid, may be empty
	Peers      []Peer // other PBXs it has a trunk to; 99XXX and 98XXX go to the first

	// NoTimestamps leaves timestampevents off, as many PBXs have it.
	NoTimestamps bool
	// Extra is appended to configuration files, by file name.
	Extra map[string]string
	// Keep keeps the databases, spool and logs of the last run, as a restart does.
	Keep bool
}

// Peer is the other end of a trunk.
type Peer struct{ Name, IP string }

// Phones are the extensions every PBX has, 101 to 116, with the password "pw" and the number.
func (Config) Phones() []string {
	var out []string
	for n := 101; n <= 116; n++ {
		out = append(out, fmt.Sprint(n))
	}
	return out
}

// FirstPeer is where 99XXX and 98XXX go.
func (c Config) FirstPeer() string {
	if len(c.Peers) == 0 {
		return "none"
	}
	return c.Peers[0].Name
}

// conf holds the configuration; what differs between PBXs stands between <% and %>.
//
//go:embed conf
var conf embed.FS

// writeConfig fills the configuration in and writes it to a directory.
func (c Config) writeConfig(dir string) error {
	files, err := fs.Glob(conf, "conf/*.conf")
	if err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	for _, name := range files {
		text, err := c.render(name)
		if err != nil {
			return fmt.Errorf("write configuration: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o644); err != nil {
			return fmt.Errorf("write configuration: %w", err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Extra)) {
		if _, err := fs.Stat(conf, "conf/"+name); err == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(c.Extra[name]), 0o644); err != nil {
			return fmt.Errorf("write configuration: %w", err)
		}
	}
	return nil
}

func (c Config) render(name string) ([]byte, error) {
	t, err := template.New(filepath.Base(name)).Delims("<%", "%>").ParseFS(conf, name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, c); err != nil {
		return nil, err
	}
	if more := c.Extra[filepath.Base(name)]; more != "" {
		b.WriteString("\n" + more + "\n")
	}
	return b.Bytes(), nil
}
