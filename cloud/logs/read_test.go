package logs_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/logs"
)

func readAll(t *testing.T, text string, o logs.Options) ([]*logs.Row, logs.Report, error) {
	t.Helper()
	var rows []*logs.Row
	rep, err := logs.Read(strings.NewReader(text), o, func(r *logs.Row) error {
		rows = append(rows, r)
		return nil
	})
	return rows, rep, err
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(r *logs.Row) string { return time.UnixMicro(r.At).UTC().Format("2006-01-02 15:04:05.999999") }

func TestEachLogIsKnownByItsLooks(t *testing.T) {
	const cel = `"CHAN_START","1795385476.775441","","79161234501","","","","74950000600","from-trunk","PJSIP/carrier-00000000","","","3","","a-1795385476.0","a-1795385476.0","","","",""`
	const cdr = `"","79161234501","600","queues","""Anna"" <79161234501>","PJSIP/carrier-00000000","PJSIP/101-00000001","Queue","600,t","2026-11-22 22:11:16","2026-11-22 22:11:19","2026-11-22 22:11:24",8,5,"ANSWERED","DOCUMENTATION","a-1795385476.0","","","a-1795385476.0",0`
	for name, c := range map[string]struct {
		text string
		kind logs.Kind
		at   string
		call string
	}{
		"queue_log":          {"1795385476|a-1795385476.0|600|NONE|ENTERQUEUE||7916|1", logs.QueueLog, "2026-11-22 22:11:16", "a-1795385476.0"},
		"table of queue_log": {"id,time,callid,queuename,agent,event,data1,data2\n1,2026-11-22 22:11:16.5,a-1795385476.0,600,NONE,ENTERQUEUE,,7916", logs.QueueLog, "2026-11-22 22:11:16.5", "a-1795385476.0"},
		"older table":        {"time;callid;queuename;agent;event;data\n1795385476;a-1795385476.0;600;Anna;CONNECT;3|x|2", logs.QueueLog, "2026-11-22 22:11:16", "a-1795385476.0"},
		"CEL":                {cel, logs.CEL, "2026-11-22 22:11:16.775441", "a-1795385476.0"},
		"table of CEL":       {"eventtype\teventtime\tcid_num\texten\tcontext\tchanname\tappname\tuniqueid\tlinkedid\nANSWER\t2026-11-22 22:11:17\t7916\t600\tqueues\tPJSIP/a-1\tQueue\ta-1795385476.0\ta-1795385476.0", logs.CEL, "2026-11-22 22:11:17", "a-1795385476.0"},
		"CDR":                {cdr, logs.CDR, "2026-11-22 22:11:16", "a-1795385476.0"},
		"table of CDR": {
			"calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield,did\n" +
				`2026-11-22 22:11:16,"\"Anna\" <7916>",7916,600,queues,PJSIP/a-1,PJSIP/101-2,Queue,"600,t",8,5,ANSWERED,3,,a-1795385476.0,,74950000600`,
			logs.CDR, "2026-11-22 22:11:16", "a-1795385476.0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			rows, rep, err := readAll(t, c.text+"\n", logs.Options{Zone: time.UTC})
			if err != nil || len(rows) != 1 || rep.Kind != c.kind || rep.Broken != 0 {
				t.Fatalf("%d rows of %s, %v, %+v", len(rows), rep.Kind, err, rep.Problems)
			}
			if at(rows[0]) != c.at {
				t.Errorf("at %s, want %s", at(rows[0]), c.at)
			}
			call := ""
			switch r := rows[0]; {
			case r.Queue != nil:
				call = r.Queue.Call
			case r.Event != nil:
				call = r.Event.Uniqueid
			case r.Record != nil:
				call = r.Record.Uniqueid
				if r.Record.CallerName != "Anna" || (r.Record.Answer-r.Record.Start)/1e6 != 3 || (r.Record.End-r.Record.Start)/1e6 != 8 {
					t.Errorf("%+v", r.Record)
				}
			}
			if call != c.call {
				t.Errorf("about %q", call)
			}
		})
	}
}

func TestLinesThatCannotBeReadAreShownAndTheRestIsRead(t *testing.T) {
	text := "1795385476|a.0|600|NONE|ENTERQUEUE||7916|1\n" +
		"17953|\n" +
		"yesterday|a.0|600|NONE|ABANDON|1|1|5\n" +
		"\x00\x00\x001795385481|a.0|600|NONE|ABANDON|1|1|5\n" +
		strings.Repeat("x", 300<<10) + "\n" +
		"1795385482|a.1|600|Caf\xe9|CONNECT|1|b|1\n"
	rows, rep, err := readAll(t, text, logs.Options{})
	if err != nil || len(rows) != 3 || rep.Lines != 6 || rep.Broken != 3 || rep.Foreign != 1 {
		t.Fatalf("%d rows, %v, %+v", len(rows), err, rep)
	}
	want := []logs.Problem{
		{Line: 2, Text: "17953|", Flaw: logs.FewFields},
		{Line: 3, Text: "yesterday|a.0|600|NONE|ABANDON|1|1|5", Flaw: logs.NoTime, What: "yesterday"},
		{Line: 5, Flaw: logs.TooLong},
	}
	if diff := cmp.Diff(want, rep.Problems); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAStrayQuoteCostsOneRow(t *testing.T) {
	header := "eventtype,eventtime,channame,uniqueid,linkedid,cid_name\n"
	text := header +
		`ANSWER,1795385476.5,PJSIP/a-1,a.0,a.0,"Anna` + "\n" + `second line"` + "\n" +
		`ANSWER,1795385477.5,PJSIP/a-1,a.0,a.0,"broken` + "\n" + strings.Repeat("ANSWER,1795385478.5,PJSIP/a-1,a.0,a.0,plain\n", 30)
	rows, rep, err := readAll(t, text, logs.Options{})
	if err != nil || rows[0].Event.Name != "Anna\nsecond line" || rep.Broken != 1 || len(rows) < 20 {
		t.Errorf("%d rows, %v, %+v", len(rows), err, rep)
	}
}

func TestFilesArePackedEncodedAndCutOff(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for i := range 20_000 {
		fmt.Fprintf(z, "%d|a-%d.%d|600|NONE|ENTERQUEUE||7916%07d|1\n", 1795385476+i, 1795385476+i, i, i*7919%9999991)
	}
	_ = z.Close()
	if rows, rep, err := readAll(t, packed.String(), logs.Options{}); err != nil || len(rows) != 20_000 || rep.Unfinished != "" {
		t.Errorf("whole: %d rows, %v, %+v", len(rows), err, rep)
	}
	if rows, rep, err := readAll(t, packed.String()[:packed.Len()/2], logs.Options{}); err != nil || len(rows) < 5000 || rep.Unfinished == "" {
		t.Errorf("cut off: %d rows, %v, %+v", len(rows), err, rep)
	}
	rows, rep, err := readAll(t, "1795385476|a.0|600|\xc0\xed\xed\xe0|CONNECT|1|b|1\n", logs.Options{Encoding: "windows-1251"})
	if err != nil || rows[0].Queue.Agent != "Анна" || rep.Foreign != 0 {
		t.Errorf("windows-1251: %v, %+v", err, rows)
	}
	utf16 := "\xff\xfe"
	for _, c := range "1795385476|a.0|600|Anna|CONNECT|1|b|1\r\n" {
		utf16 += string([]byte{byte(c), 0})
	}
	if rows, _, err := readAll(t, utf16, logs.Options{}); err != nil || len(rows) != 1 || rows[0].Queue.Agent != "Anna" {
		t.Errorf("UTF-16: %v, %+v", err, rows)
	}
}

func TestFilesThatAreNoLogsAreRefusedInPlainWords(t *testing.T) {
	const cel = "eventtype,eventtime,channame,uniqueid\n"
	for text, c := range map[string]struct {
		o    logs.Options
		code string
	}{
		"Dear all,\n":                   {logs.Options{}, "not_a_log"},
		"\xfd7zXZ\x00rest":              {logs.Options{}, "packed"},
		"1795385476|a.0|600|NONE|X|1\n": {logs.Options{Kind: logs.CEL}, "other_log"},
		cel:                             {logs.Options{}, "columns"},
		"1795385476|a.0|600|NONE|Y|1\n": {logs.Options{Encoding: "klingon"}, "encoding"},
		"time,callid,queuename,agent,event\n2026-11-22 22:11:16,a.0,600,NONE,ABANDON\n": {logs.Options{}, "zone_needed"},
	} {
		_, _, err := readAll(t, text, c.o)
		var wrong *logs.FileError
		if !errors.As(err, &wrong) || wrong.Code != c.code {
			t.Errorf("%.20q: %v, want %s", text, err, c.code)
		}
	}
}

func TestAWrongZoneIsNoticedByTheChannelsOwnTimes(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, `"","7916","600","queues","","PJSIP/a-%d","PJSIP/101-%d","Queue","600","%s","","",8,5,"ANSWERED","DOCUMENTATION","%d.%d"`+"\n", i, i,
			time.Unix(1795385476+int64(i)*60, 0).UTC().Format(time.DateTime), 1795385476+i*60, i)
	}
	if _, _, err := readAll(t, b.String(), logs.Options{Zone: time.UTC}); err != nil {
		t.Errorf("UTC: %v", err)
	}
	_, _, err := readAll(t, b.String(), logs.Options{Zone: zone(t, "Europe/Moscow")})
	var wrong *logs.FileError
	if !errors.As(err, &wrong) || wrong.Code != "wrong_zone" || wrong.Detail != "-3:00" {
		t.Errorf("Moscow: %v", err)
	}
}

// TestTheHourThatClocksShowTwice: on 25 October 2026 clocks in Berlin went from 3 to 2 at 01:00 UTC. The channel's own identifier
// says in which of the two hours a row belongs, and where it is older than both, the row before.
func TestTheHourThatClocksShowTwice(t *testing.T) {
	first, second := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC)
	evening := first.Add(-6 * time.Hour)
	line := func(born time.Time, event, local string) string {
		return fmt.Sprintf("%s,2026-10-25 %s,PJSIP/a-1,%d.7,%d.7\n", event, local, born.Unix(), born.Unix())
	}
	text := "eventtype,eventtime,channame,uniqueid,linkedid\n" +
		line(first, "CHAN_START", "02:30:00") + line(first, "ANSWER", "02:30:05") +
		line(second, "CHAN_START", "02:30:00") + line(second, "ANSWER", "02:30:05") + line(evening, "ANSWER", "02:30:06")
	rows, rep, err := readAll(t, text, logs.Options{Zone: zone(t, "Europe/Berlin")})
	if err != nil || rep.Doubled != 5 {
		t.Fatalf("%v, %+v", err, rep)
	}
	var got []string
	for _, r := range rows {
		got = append(got, at(r))
	}
	want := []string{"2026-10-25 00:30:00", "2026-10-25 00:30:05", "2026-10-25 01:30:00", "2026-10-25 01:30:05", "2026-10-25 01:30:06"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRowsOutsideOfThePeriodAreLeftOut(t *testing.T) {
	text := "1795385476|a.0|600|NONE|ENTERQUEUE||7916|1\n1795385486|a.0|600|NONE|ABANDON|1|1|10\n"
	rows, rep, err := readAll(t, text, logs.Options{From: 1795385480e6, To: 1795385490e6})
	if err != nil || len(rows) != 1 || rep.Outside != 1 || rows[0].Queue.Event != "ABANDON" {
		t.Errorf("%v, %+v", err, rep)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("1795385476|a.0|600|NONE|ENTERQUEUE||7916|1\n")
	f.Add("eventtype,eventtime,channame,uniqueid,linkedid\nANSWER,2026-10-25 02:30:00,\"PJ\"\"SIP\\\"/a-1\",1.7,1.7\n")
	f.Add(`"","7916","600","queues","","PJSIP/a","PJSIP/b","Queue","600","2026-11-22 22:11:16","","",8,5,"ANSWERED","D","1.0"`)
	berlin := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		rep, _ := logs.Read(strings.NewReader(text), logs.Options{Zone: berlin}, func(r *logs.Row) error {
			if n++; r.Queue == nil && r.Event == nil && r.Record == nil {
				t.Error("a row of nothing")
			}
			return nil
		})
		if rep.Kind != logs.Unknown && rep.Rows != n {
			t.Errorf("%d rows are counted, %d came", rep.Rows, n)
		}
	})
}
