package digest

import (
	"image/color"
	"math"
	"slices"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
)

const (
	width   = 632.0
	mostBar = 12
)

// drawing is a picture of a column of a report.
type drawing struct {
	png           []byte
	width, height int
	column        report.Column
}

// chart is what is drawn: labels and values of rows, and of the same rows in the period before.
type chart struct {
	c              *canvas
	r              *export.Report
	column         report.Column
	labels         []string
	values, before []float64
	top            float64 // the greatest value there is
}

// sketch draws the figure people look at first; nil where there is nothing to be seen in a picture.
func sketch(r *export.Report) (*drawing, error) {
	t := r.Table
	at := slices.IndexFunc(t.Columns, func(c report.Column) bool { return c.ID == r.Definition.Figure })
	if at < 0 {
		at = slices.IndexFunc(t.Columns, func(c report.Column) bool { return c.Unit != report.UnitText && c.Unit != report.UnitTime })
	}
	if at < 0 || len(t.Dims) == 0 || len(t.Rows) < 2 || t.Columns[at].Unit == report.UnitText {
		return nil, nil
	}
	ch := gather(r, at)
	if ch.top <= 0 {
		return nil, nil
	}
	height, paint := ch.way()
	if paint == nil {
		return nil, nil
	}
	var err error
	if ch.c, err = newCanvas(width, height); err != nil {
		return nil, err
	}
	paint()
	raw, err := ch.c.png()
	if err != nil {
		return nil, err
	}
	return &drawing{png: raw, width: int(width), height: int(height), column: ch.column}, nil
}

func gather(r *export.Report, at int) *chart {
	ch := &chart{r: r, column: r.Table.Columns[at]}
	for i, row := range r.Table.Rows {
		v, b := float64(row.Values[at]), math.NaN()
		if before := r.Table.Before; before != nil && i < len(before.Rows) && at < len(before.Rows[i]) {
			b = float64(before.Rows[i][at])
		}
		ch.labels = append(ch.labels, r.Say.Key(r.Table, r.Table.Dims[0], row.Keys[0]))
		ch.values, ch.before = append(ch.values, v), append(ch.before, b)
		ch.top = math.Max(ch.top, math.Max(zeroed(v), zeroed(b)))
	}
	if ch.column.Unit == report.UnitShare {
		ch.top = 1
	}
	return ch
}

func zeroed(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// way chooses how the rows are drawn, by what they are.
func (ch *chart) way() (height float64, paint func()) {
	switch dims := ch.r.Table.Dims; {
	case len(dims) == 2 && dims[0] == report.ByWeekday && dims[1] == report.ByHour:
		return 7*24 + 54, ch.heatmap
	case len(dims) > 1:
		return 0, nil
	case slices.Contains([]string{report.ByDay, report.ByWeek, report.ByMonth, report.ByInterval}, dims[0]):
		return 200, ch.lines
	case slices.Contains([]string{report.ByHour, report.ByWeekday, report.ByStep}, dims[0]):
		return 200, ch.columns
	}
	return float64(min(len(ch.values), mostBar))*26 + 30, ch.bars
}

func (ch *chart) value(v float64) string { return ch.r.Say.Value(ch.column.Unit, report.Value(v)) }

func (ch *chart) heading() {
	ch.c.text(0, 8, left, ch.c.fit(ch.r.Heading(ch.column), width/2), quiet)
	if slices.ContainsFunc(ch.before, func(b float64) bool { return !math.IsNaN(b) }) {
		ch.c.text(width, 8, right, ch.r.Say.Say(locale.Say("gray: the period before")), quiet)
	}
}

// bars are rows of names, the first of the table.
func (ch *chart) bars() {
	const names = 190.0
	ch.heading()
	room := width - names - 70
	for i := range min(len(ch.values), mostBar) {
		y := 28 + float64(i)*26
		ch.c.text(names-8, y+8, right, ch.c.fit(ch.labels[i], names-8), ink)
		if b := ch.before[i]; !math.IsNaN(b) {
			ch.c.rect(names, y+14, b/ch.top*room, 3, past)
		}
		v := zeroed(ch.values[i])
		ch.c.rect(names, y, v/ch.top*room, 14, accent)
		ch.c.text(names+v/ch.top*room+6, y+8, left, ch.value(ch.values[i]), ink)
	}
}

// plot is where columns and lines are drawn, below the heading and above the names of the x axis.
const (
	plotLeft, plotTop, plotBottom = 52.0, 28.0, 172.0
	plotWidth                     = width - plotLeft - 8
)

func (ch *chart) axes() {
	ch.heading()
	for _, part := range []float64{0, 0.5, 1} {
		y := plotBottom - part*(plotBottom-plotTop)
		ch.c.rect(plotLeft, y, plotWidth, 1, faint)
		ch.c.text(plotLeft-6, y, right, ch.value(part*ch.top), quiet)
	}
	step := plotWidth / float64(len(ch.labels))
	widest := 0.0
	for _, l := range ch.labels {
		widest = math.Max(widest, ch.c.width(l))
	}
	every := max(1, int(math.Ceil((widest+12)/step)))
	for i := 0; i < len(ch.labels); i += every {
		x := plotLeft + (float64(i)+0.5)*step
		half := ch.c.width(ch.labels[i]) / 2
		ch.c.text(math.Min(math.Max(x, half), width-half), 186, middle, ch.labels[i], quiet)
	}
}

func (ch *chart) at(i int, v float64) point {
	return point{plotLeft + (float64(i)+0.5)*plotWidth/float64(len(ch.values)), plotBottom - v/ch.top*(plotBottom-plotTop)}
}

func (ch *chart) columns() {
	ch.axes()
	step := plotWidth / float64(len(ch.values))
	for i, v := range ch.values {
		p := ch.at(i, zeroed(v))
		ch.c.rect(p.x-step*0.35, p.y, step*0.7, plotBottom-p.y, accent)
		if b := ch.before[i]; !math.IsNaN(b) {
			ch.c.rect(p.x-step*0.45, ch.at(i, b).y-1, step*0.9, 2, past)
		}
	}
}

// lines break where there is no figure.
func (ch *chart) lines() {
	ch.axes()
	ch.path(ch.before, past, 1.5)
	ch.path(ch.values, accent, 2)
}

func (ch *chart) path(values []float64, stroke color.Color, width float64) {
	var points []point
	flush := func() {
		ch.c.line(points, width, stroke)
		if len(points) == 1 {
			ch.c.rect(points[0].x-2, points[0].y-2, 4, 4, stroke)
		}
		points = nil
	}
	for i, v := range values {
		if math.IsNaN(v) {
			flush()
			continue
		}
		points = append(points, ch.at(i, v))
	}
	flush()
}

// heatmap has a weekday per line and an hour per column, the darker the more.
func (ch *chart) heatmap() {
	const names = 110.0
	ch.before = nil // which two shades in one place would not show
	ch.heading()
	step := (width - names) / 24
	for day := range 7 {
		ch.c.text(names-8, 40+float64(day)*24, right, ch.c.fit(ch.r.Say.Weekday(day+1), names-8), ink)
		ch.c.rect(names, 29+float64(day)*24, width-names, 22, faint)
	}
	for hour := 0; hour < 24; hour += 3 {
		ch.c.text(names+(float64(hour)+0.5)*step, 206, middle, ch.r.Say.Value(report.UnitCount, report.Value(hour)), quiet)
	}
	for i, row := range ch.r.Table.Rows {
		day, hour, v := row.Keys[0].ID, row.Keys[1].ID, zeroed(ch.values[i])
		if day < 1 || day > 7 || hour < 0 || hour > 23 || v <= 0 {
			continue
		}
		ch.c.rect(names+float64(hour)*step+1, 29+float64(day-1)*24, step-2, 22, shade(v/ch.top))
	}
}

// shade is between almost white and the accent.
func shade(part float64) color.Color {
	mix := func(from, to uint8) uint8 { return uint8(float64(from) + part*(float64(to)-float64(from))) }
	return color.RGBA{mix(0xdd, accent.R), mix(0xe9, accent.G), mix(0xff, accent.B), 0xff}
}

// normal is at right angles to a line, as long as asked for.
func normal(a, b point, length float64) (x, y float64) {
	dx, dy := b.x-a.x, b.y-a.y
	if l := math.Hypot(dx, dy); l > 0 {
		return -dy / l * length, dx / l * length
	}
	return 0, 0
}
