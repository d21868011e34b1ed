package report

// Definition is a report of the catalogue. Title, Tells and the texts of measures are message ids in English, which the
// server translates; nothing else has words.
type Definition struct {
	ID      string
	Title   string
	Tells   string   // a sentence on what it tells
	By      []string // the dimensions it comes with
	May     []string // those it can be grouped by
	Columns []string // measures it comes with, in order
	More    []string // measures it can show
	Chart   string   // bars, lines, heatmap, distribution, funnel, matrix, timeline; "" none
	Figure  string   // the measure the chart draws
	Needs   []string // sections of facts: calls, numbers (callers, what was dialled), visits, attempts, segments, transfers, steps, states, tags
}

// Measure is a figure with its formula.
type Measure struct {
	ID      string
	Title   string
	Formula string // as people read it: "answered in time ÷ (answered + abandoned)"
	Source  string // where the definition comes from
	Unit    string
	Better  int
	Drill   bool
}
