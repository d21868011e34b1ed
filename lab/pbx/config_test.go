package pbx

import (
	"os"
	"strings"
	"testing"
)

func TestConfigurationIsFilledIn(t *testing.T) {
	dir := t.TempDir()
	c := Config{
		IP: "127.0.9.11", Carrier: "127.0.9.50", SystemName: "pbx-a", Peers: []Peer{{"pbxb", "127.0.9.12"}},
		Extra: map[string]string{"queues.conf": "[699]\nstrategy = ringall", "indications.conf": "[general]\ncountry = ru"},
	}
	if err := c.writeConfig(dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"asterisk.conf": "systemname = pbx-a", "manager.conf": "timestampevents = yes", "queues.conf": "[699]",
		"indications.conf": "country = ru", "extensions.conf": "PEER = pbxb", "pjsip.conf": "match = 127.0.9.12",
	} {
		b, err := os.ReadFile(dir + "/" + name)
		if err != nil || !strings.Contains(string(b), want) || strings.Contains(string(b), "<%") {
			t.Errorf("%s: error %v, want %q in\n%s", name, err, want, b)
		}
	}
}
