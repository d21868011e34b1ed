package call

import "testing"

func TestDialStringsTellTrunksFromDevices(t *testing.T) {
	for _, c := range []struct{ channel, dialled, number string }{
		{"PJSIP/101-0000002a", "101", ""},
		{"PJSIP/101-0000002a", "PJSIP/101", ""},
		{"PJSIP/101-0000002a", "PJSIP/101/sip:101@192.0.2.7:5060", ""},
		{"PJSIP/101-0000002a", "101@101", ""},
		{"PJSIP/carrier-0000002a", "79260000001@carrier", "79260000001"},
		{"PJSIP/carrier-0000002a", "PJSIP/sip:79260000001@carrier", "79260000001"},
		{"PJSIP/my-carrier-1-0000002a", "600@my-carrier-1", "600"},
		{"SIP/trunk-0000002a", "SIP/trunk/79260000001", "79260000001"},
		{"SIP/101-0000002a", "SIP/101", ""},
		{"DAHDI/i1/79260000001-3", "DAHDI/g1/79260000001", "79260000001"},
		{"IAX2/198.51.100.4:4569-1234", "IAX2/user:secret@198.51.100.4/+79260000001", "+79260000001"},
	} {
		_, resource := cutEndpoint(c.channel)
		s := c.dialled
		if tech, _ := cutEndpoint(c.channel); len(s) > len(tech) && s[:len(tech)+1] == tech+"/" {
			s = s[len(tech)+1:]
		}
		if got := behind(s, resource); got != c.number {
			t.Errorf("%s dialled as %q: number %q, want %q", c.channel, c.dialled, got, c.number)
		}
	}
}

func cutEndpoint(channel string) (tech, resource string) {
	e := endpoint{name: endpointOf(channel)}
	r := e.resource()
	return e.name[:len(e.name)-len(r)-1], r
}

func TestNamesTellTheKindOfAChannel(t *testing.T) {
	for name, want := range map[string]kind{
		"PJSIP/101-0000002a": kindParty, "DAHDI/i1/79260000001-3": kindParty, "Local/101@agents-00000001;1": kindLocal,
		"Message/ast_msg_queue": kindTechnical, "CBAnn/800-00000001;2": kindTechnical, "PJSIP/101-00000003<ZOMBIE>": kindTechnical,
		"AsyncGoto/PJSIP/101-00000003": kindTechnical, "": kindTechnical,
	} {
		if got := kindOf(name); got != want {
			t.Errorf("kindOf(%q) = %d, want %d", name, got, want)
		}
	}
}
