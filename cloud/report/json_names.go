package report

func (r *jsonReader) names(n *Names) {
	r.object(func(name string) bool {
		switch name {
		case "zone":
			n.Zone = r.text()
		case "zones":
			n.Zones = map[string][]Shift{}
			r.object(func(zone string) bool {
				n.Zones[zone] = listOf(r, (*jsonReader).shift)
				return true
			})
		case "queues":
			n.Queues = listOf(r, (*jsonReader).queue)
		case "operators":
			n.Operators = listOf(r, (*jsonReader).device)
		case "people":
			n.People = listOf(r, func(r *jsonReader) Person { x := r.named(); return Person(x) })
		case "bindings":
			n.Bindings = listOf(r, (*jsonReader).binding)
		case "groups":
			n.Groups = listOf(r, (*jsonReader).group)
		case "pbxs":
			n.PBXs = listOf(r, func(r *jsonReader) PBX { x := r.device(); return PBX{x.ID, x.Name, x.Station} })
		case "stations":
			n.Stations = listOf(r, (*jsonReader).named)
		case "trunks":
			n.Trunks = listOf(r, (*jsonReader).trunk)
		case "dids":
			n.DIDs = listOf(r, func(r *jsonReader) DID { x := r.device(); return DID{x.ID, x.Number, x.Name, x.Station} })
		case "tags":
			n.Tags = listOf(r, (*jsonReader).named)
		default:
			return r.decided(n, name)
		}
		return true
	})
}

// decided reads what administrators said of how things count.
func (r *jsonReader) decided(n *Names, name string) bool {
	switch name {
	case "reasons":
		n.Reasons = listOf(r, (*jsonReader).reason)
	case "policies":
		n.Policies = listOf(r, (*jsonReader).policy)
	case "calendars":
		n.Calendars = listOf(r, (*jsonReader).calendar)
	case "shifts":
		n.Shifts = listOf(r, (*jsonReader).roster)
	case "prefixes":
		n.Prefixes = listOf(r, (*jsonReader).prefix)
	case "coverage":
		n.Coverage = listOf(r, (*jsonReader).heard)
	default:
		return false
	}
	return true
}

func (r *jsonReader) shift() (s Shift) {
	r.object(func(name string) bool {
		switch name {
		case "at":
			s.At = r.whole()
		case "offset":
			s.Offset = r.id()
		default:
			return false
		}
		return true
	})
	return s
}

func (r *jsonReader) named() (n Named) {
	x := r.device()
	return Named{x.ID, x.Name}
}

// device reads what has an id, a name, a number and a station.
func (r *jsonReader) device() (o Operator) {
	r.object(func(name string) bool {
		switch name {
		case "id":
			o.ID = r.id()
		case "name":
			o.Name = r.text()
		case "number":
			o.Number = r.text()
		case "station":
			o.Station = r.id()
		default:
			return false
		}
		return true
	})
	return o
}

func (r *jsonReader) queue() (q Queue) {
	r.object(func(name string) bool {
		switch name {
		case "id":
			q.ID = r.id()
		case "name":
			q.Name = r.text()
		case "number":
			q.Number = r.text()
		case "station":
			q.Station = r.id()
		case "zone":
			q.Zone = r.text()
		case "calendar":
			q.Calendar = r.id()
		default:
			return false
		}
		return true
	})
	return q
}

func (r *jsonReader) binding() (b Binding) {
	r.object(func(name string) bool {
		switch name {
		case "person":
			b.Person = r.id()
		case "operator":
			b.Operator = r.id()
		case "from":
			b.From = r.whole()
		case "to":
			b.To = r.whole()
		default:
			return false
		}
		return true
	})
	return b
}

func (r *jsonReader) group() (g Group) {
	r.object(func(name string) bool {
		switch name {
		case "id":
			g.ID = r.id()
		case "name":
			g.Name = r.text()
		case "kind":
			g.Kind = r.text()
		case "queues":
			g.Queues = listOf(r, (*jsonReader).id)
		case "people":
			g.People = listOf(r, (*jsonReader).id)
		case "operators":
			g.Operators = listOf(r, (*jsonReader).id)
		default:
			return false
		}
		return true
	})
	return g
}

func (r *jsonReader) trunk() (t Trunk) {
	r.object(func(name string) bool {
		switch name {
		case "id":
			t.ID = r.id()
		case "name":
			t.Name = r.text()
		case "endpoint":
			t.Endpoint = r.text()
		case "station":
			t.Station = r.id()
		case "lines":
			t.Lines = r.id()
		default:
			return false
		}
		return true
	})
	return t
}

func (r *jsonReader) reason() (x Reason) {
	r.object(func(name string) bool {
		switch name {
		case "text":
			x.Text = r.text()
		case "name":
			x.Name = r.text()
		case "paid":
			x.Paid = r.truth()
		case "work":
			x.Work = r.truth()
		case "limit":
			x.Limit = r.id()
		default:
			return false
		}
		return true
	})
	return x
}

func (r *jsonReader) calendar() (c Calendar) {
	r.object(func(name string) bool {
		switch name {
		case "id":
			c.ID = r.id()
		case "name":
			c.Name = r.text()
		case "week":
			n := 0
			r.array(func() {
				hours := listOf(r, (*jsonReader).minutes)
				if n < len(c.Week) {
					c.Week[n] = hours
				}
				n++
			})
		case "days":
			c.Days = listOf(r, (*jsonReader).holiday)
		default:
			return false
		}
		return true
	})
	return c
}

// minutes reads a span of minutes of a day.
func (r *jsonReader) minutes() (m [2]int) {
	n := 0
	r.array(func() {
		v := r.count()
		if n < len(m) {
			m[n] = v
		}
		n++
	})
	return m
}

func (r *jsonReader) holiday() (h Holiday) {
	r.object(func(name string) bool {
		switch name {
		case "day":
			h.Day = r.text()
		case "name":
			h.Name = r.text()
		case "hours":
			h.Hours = listOf(r, (*jsonReader).minutes)
		default:
			return false
		}
		return true
	})
	return h
}

func (r *jsonReader) roster() (x Roster) {
	r.object(func(name string) bool {
		switch name {
		case "person":
			x.Person = r.id()
		case "from":
			x.From = r.whole()
		case "to":
			x.To = r.whole()
		case "kind":
			x.Kind = r.text()
		default:
			return false
		}
		return true
	})
	return x
}

func (r *jsonReader) prefix() (p Prefix) {
	r.object(func(name string) bool {
		switch name {
		case "prefix":
			p.Prefix = r.text()
		case "name":
			p.Name = r.text()
		default:
			return false
		}
		return true
	})
	return p
}

func (r *jsonReader) heard() (h Heard) {
	r.object(func(name string) bool {
		switch name {
		case "pbx":
			h.PBX = r.id()
		case "since":
			h.Since = r.whole()
		case "missing":
			h.Missing = listOf(r, (*jsonReader).missing)
		default:
			return false
		}
		return true
	})
	return h
}

func (r *jsonReader) missing() (m Missing) {
	r.object(func(name string) bool {
		switch name {
		case "from":
			m.From = r.whole()
		case "to":
			m.To = r.whole()
		case "events":
			m.Events = r.whole()
		case "reasons":
			m.Reasons = listOf(r, (*jsonReader).text)
		default:
			return false
		}
		return true
	})
	return m
}
