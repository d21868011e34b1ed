package report

import "strconv"

func (r *jsonReader) key() (k Key) {
	r.object(func(name string) bool {
		switch name {
		case "id":
			k.ID = r.whole()
		case "kind":
			k.Kind = r.text()
		case "label":
			k.Label = r.text()
		default:
			return false
		}
		return true
	})
	return k
}

func (r *jsonReader) count() int { return int(r.whole()) }

func (r *jsonReader) span() (s Span) {
	r.object(func(name string) bool {
		switch name {
		case "from":
			s.From = r.whole()
		case "to":
			s.To = r.whole()
		default:
			return false
		}
		return true
	})
	return s
}

func (r *jsonReader) query(q *Query) {
	r.object(func(name string) bool {
		switch name {
		case "report":
			q.Report = r.text()
		case "from":
			q.From = r.whole()
		case "to":
			q.To = r.whole()
		case "before":
			if !r.null() {
				s := r.span()
				q.Before = &s
			}
		case "zone":
			q.Zone = r.text()
		case "by":
			q.By = listOf(r, (*jsonReader).text)
		case "count":
			q.Count = r.text()
		case "interval":
			q.Interval = r.count()
		case "filter":
			r.filter(&q.Filter)
		case "columns":
			q.Columns = listOf(r, (*jsonReader).text)
		case "sort":
			q.Sort = r.text()
		case "limit":
			q.Limit = r.count()
		case "policy":
			if !r.null() {
				p := r.policy()
				q.Policy = &p
			}
		case "days":
			q.Days = r.count()
		case "same":
			q.Same = r.truth()
		case "steps":
			q.Steps = listOf(r, (*jsonReader).count)
		case "now":
			q.Now = r.whole()
		default:
			return false
		}
		return true
	})
}

func (r *jsonReader) filter(f *Filter) {
	ids := map[string]*[]int32{
		"queues": &f.Queues, "operators": &f.Operators, "people": &f.People, "groups": &f.Groups, "pbxs": &f.PBXs, "stations": &f.Stations, "trunks": &f.Trunks, "tags": &f.Tags,
	}
	texts := map[string]*[]string{"dids": &f.DIDs, "numbers": &f.Numbers, "ivr": &f.IVR, "directions": &f.Directions, "dispositions": &f.Dispositions}
	r.object(func(name string) bool {
		switch {
		case ids[name] != nil:
			*ids[name] = listOf(r, (*jsonReader).id)
		case texts[name] != nil:
			*texts[name] = listOf(r, (*jsonReader).text)
		case name == "weekdays":
			f.Weekdays = listOf(r, (*jsonReader).count)
		case name == "hours":
			f.Hours = r.text()
		default:
			return false
		}
		return true
	})
}

func (r *jsonReader) policy() (p Policy) {
	r.object(func(name string) bool {
		switch name {
		case "queue":
			p.Queue = r.id()
		case "from":
			p.From = r.whole()
		case "threshold":
			p.Threshold = r.id()
		case "short":
			p.Short = r.id()
		case "variant":
			p.Variant = uint8(r.id())
		case "shorts":
			p.Shorts = uint8(r.id())
		case "target":
			p.Target = r.number()
		case "call_back":
			p.CallBack = r.id()
		default:
			return false
		}
		return true
	})
	return p
}

// Table as JSON.

// AppendJSON writes a table as encoding/json would, but lists that are none as empty ones.
func (t *Table) AppendJSON(b []byte) []byte {
	b = AppendText(append(b, `{"report":`...), t.Report)
	b = appendList(append(b, `,"dims":`...), t.Dims, AppendText)
	b = appendList(append(b, `,"columns":`...), t.Columns, appendColumn)
	b = appendList(append(b, `,"rows":`...), t.Rows, appendRow)
	b = strconv.AppendInt(append(b, `,"found":`...), int64(t.Found), 10)
	b = appendList(append(b, `,"totals":`...), t.Totals, appendValue)
	if t.Before != nil {
		b = appendList(append(b, `,"before":{"totals":`...), t.Before.Totals, appendValue)
		b = appendList(append(b, `,"rows":`...), t.Before.Rows, func(b []byte, v []Value) []byte {
			if v == nil {
				return append(b, "null"...)
			}
			return appendList(b, v, appendValue)
		})
		b = append(b, '}')
	}
	b = appendList(append(b, `,"policies":`...), t.Policies, appendPolicy)
	b = appendList(append(b, `,"zones":`...), t.Zones, AppendText)
	b = strconv.AppendBool(append(b, `,"wall":`...), t.Wall)
	b = appendList(append(b, `,"notes":`...), t.Notes, AppendText)
	return append(b, '}')
}

func appendList[T any](b []byte, list []T, each func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, x := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = each(b, x)
	}
	return append(b, ']')
}

func appendValue(b []byte, v Value) []byte {
	out, _ := v.MarshalJSON()
	return append(b, out...)
}

func appendColumn(b []byte, c Column) []byte {
	b = AppendText(append(b, `{"id":`...), c.ID)
	b = AppendText(append(b, `,"unit":`...), c.Unit)
	b = strconv.AppendInt(append(b, `,"better":`...), int64(c.Better), 10)
	return append(strconv.AppendBool(append(b, `,"drill":`...), c.Drill), '}')
}

func appendRow(b []byte, r Row) []byte {
	b = appendList(append(b, `{"keys":`...), r.Keys, func(b []byte, k Key) []byte {
		b = strconv.AppendInt(append(b, `{"id":`...), k.ID, 10)
		if k.Kind != "" {
			b = AppendText(append(b, `,"kind":`...), k.Kind)
		}
		if k.Label != "" {
			b = AppendText(append(b, `,"label":`...), k.Label)
		}
		return append(b, '}')
	})
	b = appendList(append(b, `,"values":`...), r.Values, appendValue)
	if len(r.Texts) > 0 {
		b = appendList(append(b, `,"texts":`...), r.Texts, AppendText)
	}
	return append(b, '}')
}

func appendPolicy(b []byte, p Policy) []byte {
	for i, f := range []struct {
		name  string
		value int64
	}{
		{"queue", int64(p.Queue)},
		{"from", p.From},
		{"threshold", int64(p.Threshold)},
		{"short", int64(p.Short)},
		{"variant", int64(p.Variant)},
		{"shorts", int64(p.Shorts)},
		{"call_back", int64(p.CallBack)},
	} {
		b = append(b, "{,"[min(i, 1)])
		b = strconv.AppendInt(append(AppendText(b, f.name), ':'), f.value, 10)
	}
	return append(appendValue(append(b, `,"target":`...), Value(p.Target)), '}')
}

const hexDigits = "0123456789abcdef"

// AppendText writes a string as JSON.
func AppendText(b []byte, s string) []byte {
	b = append(b, '"')
	for _, c := range s { // bytes that are no text become U+FFFD, as encoding/json has it
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', byte(c))
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			b = append(b, string(c)...)
		}
	}
	return append(b, '"')
}

// AppendTexts writes a list of strings as JSON.
func AppendTexts(b []byte, list []string) []byte { return appendList(b, list, AppendText) }
