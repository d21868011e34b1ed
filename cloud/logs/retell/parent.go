package retell

import "strings"

// CEL does not say who had a channel called. It shows, though, in the rows of the called channel that come later: there it
// runs AppDial or AppQueue, with the extension of the channel that dials. What is left open is decided by what a caller can
// be: one that does not talk itself, the latest of them; a Local half rings the number it is named by.

// firstApp looks ahead for what a called channel is shown to run, and the extension there.
func (t *Teller) firstApp(id string) (app, exten string) {
	for _, r := range t.later(id) {
		if e := r.Event; e != nil && e.App != "" {
			return e.App, e.Exten
		}
	}
	return "", ""
}

// parentOf finds who had a channel called.
func (t *Teller) parentOf(c *channel, app, exten string) *channel {
	var best *channel
	most := -1
	for _, o := range t.stories[c.linkedid] {
		if o == c || o.ended != 0 || o.half() == 1 || o.called && o.half() != 2 && o.up == 0 {
			continue
		}
		if n := o.suits(c, app, exten); n >= most {
			best, most = o, n
		}
	}
	return best
}

// suits weighs the signs that a channel has another one called.
func (o *channel) suits(c *channel, app, exten string) int {
	n := 0
	if o.visit != nil && !o.visit.connected && app == "AppQueue" {
		n += 16
	}
	if exten != "" && exten == o.exten {
		n += 8
	}
	if app == "AppQueue" && o.app == "Queue" {
		n += 4
	}
	if o.half() == 2 {
		number, _, _ := strings.Cut(strings.TrimPrefix(o.name, "Local/"), "@")
		if number == c.resource() && o.rings == 0 {
			n += 6
		}
		if app != "AppQueue" && o.rings == 0 {
			n++
		}
	}
	if o.bridge == "" {
		n += 2
	}
	if !o.called {
		n++
	}
	return n
}

// dialString is what a channel was dialled by, as far as it shows: by the dialplan of whoever had it called, where a later
// row tells it, else by the number that was asked for. "" where it may be the one or the other.
func (t *Teller) dialString(c, by *channel) string {
	tech, resource, _ := strings.Cut(c.endpoint(), "/")
	if digits(resource) && len(resource) <= 6 {
		return resource
	}
	if by == nil {
		return ""
	}
	for _, data := range t.dials(by) {
		list, _, _ := strings.Cut(data, ",")
		for s := range strings.SplitSeq(list, "&") {
			if rest, ok := strings.CutPrefix(s, tech+"/"); ok && strings.Contains(rest, resource) {
				return rest
			}
		}
	}
	if exten := strings.TrimPrefix(by.exten, "+"); digits(exten) && len(exten) > 6 {
		return by.exten + "@" + resource
	}
	return ""
}

// dials are the arguments of Dial that a channel runs now and next.
func (t *Teller) dials(c *channel) (list []string) {
	if c.app == "Dial" {
		list = append(list, c.data)
	}
	for _, r := range t.later(c.id) {
		switch {
		case r.Event != nil && r.Event.App == "Dial":
			return append(list, r.Event.Data)
		case r.Record != nil && r.Record.App == "Dial":
			list = append(list, r.Record.Data)
		}
	}
	return list
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
