package retell

import (
	"cmp"
	"strconv"
	"strings"
)

// queue_log names members as queues.conf does, which may be a person's name; whose phone that is shows in CEL when it
// answers, in what people say, or nowhere.

// device returns the device of a member, "" where it is not known.
func (t *Teller) device(member string) string {
	if d := t.members[member]; d != "" {
		return d
	}
	if strings.Contains(member, "/") {
		return member
	}
	return t.numbered[member[strings.LastIndexByte(member, ' ')+1:]]
}

// calledByNumber remembers an interface that logged in: a member whose name ends with its number ("Agent 111") is it.
func (t *Teller) calledByNumber(iface string) {
	if _, number, ok := strings.Cut(iface, "/"); ok {
		number, _, _ = strings.Cut(number, "@")
		if digits(number) && t.numbered[number] == "" {
			t.numbered[number] = iface
		}
	}
}

// learn notes whose phone a member answers with.
func (t *Teller) learn(member string, c *channel) {
	if member == "" || member == "NONE" || strings.Contains(member, "/") || t.members[member] != "" || c == nil || Synthetic(c.id) {
		return
	}
	t.members[member] = t.iface(c)
}

// iface is what a queue rings to reach a channel.
func (t *Teller) iface(c *channel) string {
	return c.endpoint()
}

// memberOf is the name of the member behind a channel, "" where it is not known yet.
func (t *Teller) memberOf(c *channel) string {
	at := t.iface(c)
	best := ""
	for name, device := range t.members {
		if device == at && (best == "" || name < best) {
			best = name
		}
	}
	return cmp.Or(best, at)
}

func decimal(n int) string { return strconv.Itoa(n) }
