package call

import (
	"cmp"
	"slices"
)

// What belongs to the state of links between PBXs. See codec.go for how it is written.

func (k *codec) crosser(a *Assembler) {
	x := &a.cross
	k.links()
	k.waiting(a)
	keys := x.usedKeys()
	list(k, &keys, func(key *[2]end) {
		u := x.used[*key]
		if k.reading {
			u = &use2{}
		}
		for i := range key {
			k.text(&key[i].pbx)
			k.text(&key[i].endpoint)
		}
		k.unsigned(&u.certain)
		k.unsigned(&u.likely)
		k.unsigned(&u.possible)
		k.time(&u.last)
		if k.reading {
			if x.used == nil {
				x.used = map[[2]end]*use2{}
			}
			x.used[*key] = u
		}
	})
	k.lags(x)
	waiting := x.unfit
	if !k.reading {
		waiting = slices.DeleteFunc(slices.Clone(waiting), func(u unfit) bool { return k.numbers[u.one] == 0 || k.numbers[u.two] == 0 })
	}
	list(k, &waiting, func(u *unfit) {
		needed(k, k.channels, &u.one)
		needed(k, k.channels, &u.two)
		k.text(&u.ref.kind)
		k.text(&u.ref.value)
		k.time(&u.at)
	})
	if k.reading {
		x.unfit = waiting
	}
	list(k, &x.recent, func(s *refSeen) {
		k.text(&s.key)
		k.time(&s.at)
		l := x.refs[s.key]
		if !k.reading {
			l = living(l, k)
		}
		k.channelList(&l)
		if k.reading {
			if x.refs == nil {
				x.refs = map[string][]*channel{}
			}
			x.refs[s.key] = l
		}
	})
}

// waiting writes the legs whose other end is looked for, and when they are looked at again.
func (k *codec) waiting(a *Assembler) {
	x := &a.cross
	var all []*waiting
	for _, c := range k.channels {
		if c.waits != nil {
			all = append(all, c.waits)
		}
	}
	number := map[*waiting]int{}
	pointers(k, &all, func(w *waiting) {
		k.channel(&w.c)
		k.flags(&w.out, &w.late)
		k.time(&w.at)
		k.text(&w.called)
		k.text(&w.caller)
		if !k.reading {
			number[w] = len(number)
			return
		}
		if w.c == nil || w.c.ep == nil || w.c.waits != nil {
			k.failed, w.c = true, nil
			return
		}
		w.c.waits = w
		x.shelfOf(w).put(w)
	})
	k.timers(&x.timers, all, number)
	for _, p := range k.pbxs {
		k.timers(&p.timers, all, number)
	}
	for _, c := range k.channels {
		if !k.reading {
			c.maybe = living(c.maybe, k)
		}
		k.channelList(&c.maybe)
	}
}

func (k *codec) timers(t *timers, all []*waiting, number map[*waiting]int) {
	var rows []timer
	for _, row := range *t {
		if row.w.c.waits == row.w {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(x, y timer) int { return cmp.Or(compare(x.at, y.at), compare(x.order, y.order)) })
	list(k, &rows, func(row *timer) {
		k.time(&row.at)
		k.unsigned(&row.order)
		n := number[row.w]
		small(k, &n)
		if !k.reading {
			return
		}
		if n < 0 || n >= len(all) {
			k.failed = true
			return
		}
		row.w = all[n]
		*t = append(*t, *row) // in order: a heap
	})
}

func (k *codec) lags(x *crosser) {
	keys := make([][2]int, 0, len(x.lags))
	for key := range x.lags {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(k, o [2]int) int { return slices.Compare(k[:], o[:]) })
	list(k, &keys, func(key *[2]int) {
		l := x.lags[*key]
		if k.reading {
			l = &lag{}
		}
		small(k, &key[0])
		small(k, &key[1])
		small(k, &l.n)
		for i := range l.ago {
			k.number(&l.ago[i])
		}
		if !k.reading {
			return
		}
		if l.n <= 0 {
			k.failed = true
			return
		}
		if x.lags == nil {
			x.lags = map[[2]int]*lag{}
		}
		x.lags[*key] = l
	})
	if !k.failed {
		x.measureLags()
	}
}

// living leaves out channels that were forgotten since they showed a reference.
func living(l []*channel, k *codec) []*channel {
	var out []*channel
	for _, c := range l {
		if k.numbers[c] != 0 {
			out = append(out, c)
		}
	}
	return out
}

// links writes the crossings once, at the leg that went out.
func (k *codec) links() {
	var all []*crossing
	for _, c := range k.channels {
		if c.link != nil && c.link.out == c {
			all = append(all, c.link)
		}
	}
	pointers(k, &all, func(x *crossing) {
		k.text(&x.kind)
		k.flags(&x.certain)
		k.channel(&x.out)
		k.channel(&x.in)
		k.text(&x.evidence)
		if !k.reading {
			return
		}
		if x.out == nil || x.in == nil {
			k.failed = true
			return
		}
		x.out.link, x.in.link = x, x
	})
}
