package report

import "strings"

// Texts of columns that are no figures. Names of codes are as NamesOfCodes has them.

func callDirection(r *run, row int32) string {
	return nameOf(directionNames, r.e.f.Calls.Direction[row])
}

func callDisposition(r *run, row int32) string {
	return nameOf(dispositionNames, r.e.f.Calls.Disposition[row])
}

func callHangup(r *run, row int32) string { return nameOf(partyNames, r.e.f.Calls.HangupBy[row]) }

func callCaller(r *run, row int32) string { return r.e.text(r.e.f.Calls.Caller[row]) }

func callDialled(r *run, row int32) string { return r.e.text(r.e.f.Calls.Dialled[row]) }

func callPBX(r *run, row int32) string {
	if p := r.e.pbxs[r.e.f.Calls.PBX[row]]; p != nil {
		return p.Name
	}
	return ""
}

func callTrunk(r *run, row int32) string {
	if id := r.e.f.Calls.Trunk[row]; id != 0 {
		return r.trunkKey(id).Label
	}
	return ""
}

// listing joins names, each once.
type listing struct{ names []string }

func (l *listing) add(name string) {
	if name != "" && !contains(l.names, name) {
		l.names = append(l.names, name)
	}
}

func (l *listing) String() string { return strings.Join(l.names, ", ") }

func callQueues(r *run, row int32) string {
	var l listing
	for _, k := range r.e.visits().of(row) {
		if q := r.e.queues[r.e.f.Visits.Queue[k]]; q != nil {
			if q.Name != "" {
				l.add(q.Name)
			} else {
				l.add(q.Number)
			}
		}
	}
	return l.String()
}

func callPeople(r *run, row int32) string {
	var l listing
	r.workersOf(row, func(_ int32, w worker) { l.add(r.e.workerName(w)) })
	return l.String()
}

func callTagNames(r *run, row int32) string {
	var l listing
	for _, k := range r.e.tags().of(row) {
		l.add(r.tagName(r.e.f.Tags.Tag[k]))
	}
	return l.String()
}

func callMenu(r *run, row int32) string { return r.e.pathNames[r.e.menuPaths()[row]] }

func callFlags(r *run, row int32) string {
	var l listing
	f := r.e.f.Calls.Flags[row]
	for i, name := range []string{"open", "partial", "imported", "recorded", "hops"} {
		if f&(1<<i) != 0 {
			l.add(name)
		}
	}
	return l.String()
}
