package retell_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/logs"
	"github.com/callweave/callweave/cloud/logs/retell"
	"github.com/callweave/callweave/shared/wire"
)

// rowsOf reads logs, each text another file, and puts their moments in order.
func rowsOf(t testing.TB, texts ...string) (rows []*logs.Row, from call.Origin) {
	t.Helper()
	for _, text := range texts {
		rep, err := logs.Read(strings.NewReader(text), logs.Options{}, func(r *logs.Row) error {
			rows = append(rows, retell.Moments(r)...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		from |= map[logs.Kind]call.Origin{logs.QueueLog: call.FromQueueLog, logs.CEL: call.FromCEL, logs.CDR: call.FromCDR}[rep.Kind]
	}
	slices.SortStableFunc(rows, func(x, y *logs.Row) int { return int(x.Key - y.Key) })
	return rows, from
}

// retold makes calls of logs.
func retold(t testing.TB, o retell.Options, texts ...string) []*call.Call {
	t.Helper()
	rows, from := rowsOf(t, texts...)
	a := call.New(call.Options{})
	o.Logs, o.Feed = from, func(ev *wire.Event) { a.Feed("A", ev) }
	teller := retell.New(o)
	for _, r := range rows {
		teller.Row(r)
	}
	teller.Close()
	return slices.DeleteFunc(a.Flush(), func(c *call.Call) bool { return c.Open })
}

// short says what matters of a call.
func short(c *call.Call) string {
	s := fmt.Sprintf("%s→%s %s", c.Caller, c.Dialled, c.Disposition)
	for _, q := range c.Queues {
		s += fmt.Sprintf("; %s %s %s %.0fs", q.Queue, q.Result, q.Operator, q.Left.Sub(q.Entered).Seconds())
	}
	for _, r := range c.Rings {
		s += fmt.Sprintf("; ring %s %s %.0fs", r.Operator, r.Result, r.End.Sub(r.At).Seconds())
	}
	for _, k := range c.Talks {
		s += fmt.Sprintf("; talk %s %.0fs", k.Operator, k.To.Sub(k.From).Seconds())
	}
	return s
}

func TestWhatQueueLogAloneTells(t *testing.T) {
	for name, c := range map[string]struct {
		log  string
		o    retell.Options
		want []string
	}{
		"answered, with the number that was dialled": {
			log: `1000000100|1000000095.1|NONE|NONE|DID|74950000700
1000000100|1000000095.1|sales|NONE|ENTERQUEUE||79161234501|1
1000000106|1000000095.1|sales|Local/101@from-queue/n|RINGNOANSWER|5000
1000000110|1000000095.1|sales|Local/102@from-queue/n|CONNECT|10|1000000107.3|3
1000000140|1000000095.1|sales|Local/102@from-queue/n|COMPLETEAGENT|10|30|1`,
			want: []string{"79161234501→74950000700 answered; sales answered 102 10s; ring 101 no_answer 5s; ring 102 answered 3s; talk 102 30s"},
		},
		"a member by name, whose device people say": {
			log: `1000000100|1000000100.1|sales|NONE|ENTERQUEUE||101|1
1000000110|1000000100.1|sales|Anna|CONNECT|10|1000000107.3|3
1000000140|1000000100.1|sales|Anna|COMPLETECALLER|10|30|1`,
			o:    retell.Options{Members: map[string]string{"Anna": "SIP/102"}},
			want: []string{"101→sales answered; sales answered 102 10s; ring 102 answered 3s; talk 102 30s"},
		},
		"from one queue to the next, and gone": {
			log: `1000000100|1000000100.1|sales|NONE|ENTERQUEUE||79161234501|1
1000000130|1000000100.1|sales|NONE|EXITWITHTIMEOUT|1|1|30
1000000131|1000000100.1|support|NONE|ENTERQUEUE||79161234501|1
1000000150|1000000100.1|support|NONE|ABANDON|1|1|19`,
			want: []string{"79161234501→sales abandoned; sales timeout  30s; support abandoned  19s"},
		},
		"by key, and out of an empty queue": {
			log: `1000000100|1000000100.1|sales|NONE|ENTERQUEUE||79161234501|1
1000000108|1000000100.1|sales|NONE|EXITWITHKEY|1|1|1|8
1000000200|1000000200.2|sales|NONE|ENTERQUEUE||79161234502|1
1000000205|1000000200.2|sales|NONE|EXITEMPTY|1|1|5`,
			want: []string{"79161234501→sales timeout; sales other  8s", "79161234502→sales leave_empty; sales leave_empty  5s"},
		},
		"handed on, by the name an old Asterisk has for it": {
			log: `1000000100|1000000100.1|sales|NONE|ENTERQUEUE||79161234501|1
1000000110|1000000100.1|sales|SIP/102|CONNECT|10|1000000107.3|3
1000000140|1000000100.1|sales|SIP/102|TRANSFER|104|internal|10|30|1`,
			want: []string{"79161234501→sales answered; sales answered 102 10s; ring 102 answered 3s; talk 102 30s"},
		},
		"two Asterisks with the same numbers, one after the other": {
			log: `1000000100|1000000100.1|sales|NONE|ENTERQUEUE||79161234501|1
1000000110|1000000100.1|sales|NONE|ABANDON|1|1|10
1000009100|1000009100.1|sales|NONE|ENTERQUEUE||79161234502|1
1000009110|1000009100.1|sales|NONE|ABANDON|1|1|10`,
			want: []string{"79161234501→sales abandoned; sales abandoned  10s", "79161234502→sales abandoned; sales abandoned  10s"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range retold(t, c.o, c.log+"\n") {
				got = append(got, short(c))
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatCDRAloneTells(t *testing.T) {
	const header = "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,uniqueid\n"
	for name, c := range map[string]struct {
		log  string
		want []string
	}{
		"a call out that was answered": {
			log:  `1000000100,"""Anna"" <101>",101,79260000001,internal,SIP/101-1,SIP/carrier-2,Dial,SIP/carrier/79260000001,40,30,ANSWERED,1000000100.1`,
			want: []string{"101→79260000001 answered; talk 101 30s"},
		},
		"a call in that nobody took": {
			log:  `1000000100,79161234501,79161234501,101,from-trunk,SIP/carrier-1,SIP/101-2,Dial,"SIP/101,20",20,0,NO ANSWER,1000000100.1`,
			want: []string{"79161234501→101 no_answer; ring 101 no_answer 20s"},
		},
		"one after the other": {
			log: "1000000100,79161234501,79161234501,101,from-trunk,SIP/carrier-1,SIP/101-2,Dial,SIP/101,10,0,BUSY,1000000100.1\n" +
				"1000000110,79161234501,79161234501,102,from-trunk,SIP/carrier-1,SIP/102-3,Dial,SIP/102,25,20,ANSWERED,1000000100.1",
			want: []string{"79161234501→101 answered; ring 101 busy 10s; ring 102 answered 5s; talk 102 20s"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range retold(t, retell.Options{}, header+c.log+"\n") {
				got = append(got, short(c))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzTeller: whatever files say, events come in order of time, the same each time.
func FuzzTeller(f *testing.F) {
	f.Add("1000000100|1000000100.1|q|NONE|ENTERQUEUE||7916|1\n1000000101|1000000100.1|q|A|CONNECT|1|1000000100.2|1\n", "eventtype,eventtime,channame,uniqueid,linkedid,appname,extra\nCHAN_START,1000000100.1,SIP/a-1,1000000100.1,1000000100.1,,\n")
	f.Add("1000000100|NONE|NONE|NONE|QUEUESTART|\n", "eventtype,eventtime,channame,uniqueid,linkedid,appname,extra\nBRIDGE_ENTER,1000000100.1,SIP/a-1,1.1,1.1,ConfBridge,\"{\"\"bridge_id\"\":\"\"x\"\"}\"\n")
	f.Fuzz(func(t *testing.T, queueLog, cel string) {
		tell := func() (told []string) {
			var rows []*logs.Row
			for _, text := range []string{queueLog, cel} {
				_, _ = logs.Read(strings.NewReader(text), logs.Options{}, func(r *logs.Row) error {
					rows = append(rows, retell.Moments(r)...)
					return nil
				})
			}
			slices.SortStableFunc(rows, func(x, y *logs.Row) int {
				switch {
				case x.Key < y.Key:
					return -1
				case x.Key > y.Key:
					return 1
				}
				return 0
			})
			last := int64(-1 << 62)
			teller := retell.New(retell.Options{Logs: call.FromQueueLog | call.FromCEL, Feed: func(ev *wire.Event) {
				if ev.Received < last {
					t.Errorf("%d comes after %d", ev.Received, last)
				}
				last = ev.Received
				told = append(told, fmt.Sprint(*ev))
			}})
			for _, r := range rows {
				teller.Row(r)
			}
			teller.Close()
			return told
		}
		if diff := cmp.Diff(tell(), tell()); diff != "" {
			t.Errorf("told twice:\n%s", diff)
		}
	})
}
