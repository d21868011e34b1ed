package report

// measure is a figure and how it is made: of aggregates over the rows of a group, by arithmetic. Without arithmetic it is the
// one aggregate it names.
type measure struct {
	Measure
	of      []string // aggregates
	by      arithmetic
	pct     int  // the percentile of the aggregate's values, nearest rank
	share   bool // of the total of the same aggregate
	running bool // share, summed up over the rows before, in order of the last dimension
	text    func(r *run, row int32) string
	drill   int // which of the aggregates' rows are behind it
}

// arithmetic makes a figure of aggregates; NaN is none.
type arithmetic func(a []float64) float64

var (
	ratio = func(a []float64) float64 { return over(a[0], a[1]) }
	sum   = func(a []float64) float64 {
		s := 0.0
		for _, x := range a {
			s += x
		}
		return s
	}
	minus        = func(a []float64) float64 { return a[0] - a[1] }
	sumOverLast  = func(a []float64) float64 { n := len(a) - 1; return over(sum(a[:n]), a[n]) }
	oneLessRatio = func(a []float64) float64 { return 1 - over(a[0], a[1]) }
	ofBoth       = func(a []float64) float64 { return over(a[0], a[0]+a[1]) }
)

func over(a, b float64) float64 {
	if b == 0 {
		return float64(None())
	}
	return a / b
}

var measures = together(visitMeasures, callMeasures, callerMeasures, workMeasures, timeMeasures, journalMeasures, dataMeasures)

func measureOf(id string) *measure {
	for i := range measures {
		if measures[i].ID == id {
			return &measures[i]
		}
	}
	return nil
}
