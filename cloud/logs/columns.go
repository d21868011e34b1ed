package logs

import (
	"fmt"
	"strconv"
	"strings"
)

// columns says where in a row what is.
type columns struct {
	comma  byte
	header bool
	at     map[string]int
}

// The columns by our names, and what tables and tools call them.
var synonyms = map[string]string{
	"eventtype": "type", "eventtime": "time", "cid_name": "name", "cid_num": "number", "cid_ani": "ani", "cid_dnid": "dnid",
	"cidname": "name", "cidnum": "number", "cidani": "ani", "ciddnid": "dnid",
	"channame": "channel", "channel": "channel", "appname": "app", "appdata": "appdata", "peer": "peer", "bridgepeer": "peer",
	"userdeftype": "usertype", "extra": "extra", "eventextra": "extra", "exten": "exten", "context": "context",
	"uniqueid": "uniqueid", "linkedid": "linkedid",

	"queuename": "queue", "callid": "call", "agent": "agent", "event": "event", "queue": "queue",
	"data": "data1", "data1": "data1", "data2": "data2", "data3": "data3", "data4": "data4", "data5": "data5",

	"calldate": "time", "start": "time", "answer": "answer", "end": "end", "clid": "clid", "src": "src", "dst": "dst", "dcontext": "dcontext",
	"dstchannel": "dstchannel", "lastapp": "lastapp", "lastdata": "lastdata", "duration": "duration", "billsec": "billsec",
	"disposition": "disposition", "did": "did", "sequence": "sequence", "cnum": "cnum", "cnam": "cnam", "time": "time",
}

// Columns of files without a header, as Asterisk's sample configuration has them.
var (
	celColumns = strings.Fields("type time name number ani rdnis dnid exten context channel app appdata amaflags accountcode uniqueid linkedid peer userfield usertype extra")
	cdrColumns = strings.Fields("accountcode src dst dcontext clid channel dstchannel lastapp lastdata time answer end duration billsec disposition amaflags")
)

// cdrTails are the columns that cdr.conf adds, by how many there are.
var cdrTails = map[int][]string{
	16: nil,
	17: {"uniqueid"},
	18: {"uniqueid", "userfield"},
	19: {"peeraccount", "linkedid", "sequence"},
	20: {"uniqueid", "peeraccount", "linkedid", "sequence"},
	21: {"uniqueid", "userfield", "peeraccount", "linkedid", "sequence"},
}

func plain(kind Kind, comma byte) *columns {
	c := &columns{comma: comma, at: map[string]int{}}
	if kind == CEL {
		c.name(celColumns)
	} else {
		c.name(cdrColumns)
	}
	return c
}

func (c *columns) name(names []string) {
	for i, n := range names {
		c.at[n] = i
	}
}

// get returns a field by the name of its column.
func (c *columns) get(fields []string, name string) string {
	if i, ok := c.at[name]; ok && i < len(fields) {
		return fields[i]
	}
	return ""
}

// complete says which columns a table lacks.
func (c *columns) complete(kind Kind) error {
	need := map[Kind]string{
		QueueLog: "time call queue agent event", CEL: "type time channel uniqueid linkedid", CDR: "time src dst channel dstchannel duration disposition uniqueid",
	}[kind]
	var missing []string
	for _, n := range strings.Fields(need) {
		if _, ok := c.at[n]; !ok {
			missing = append(missing, n)
		}
	}
	if len(missing) > 0 {
		list := strings.Join(missing, ", ")
		return &FileError{"columns", list, fmt.Sprintf("the header of this %s has no column for: %s", kind, list)}
	}
	return nil
}

// comma tells what parts the fields of a line: databases export with tabs and semicolons too.
func comma(line string) byte {
	best, most := byte(','), strings.Count(line, ",")
	for _, c := range []byte{'\t', ';'} {
		if n := strings.Count(line, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// recognise tells which log a first line is of, and its columns where the line is a header.
func recognise(line string) (Kind, *columns) {
	if kind := queueFile(line); kind != Unknown {
		return kind, nil
	}
	c := &columns{comma: comma(line), header: true, at: map[string]int{}}
	fields, ok := split(line, c.comma, nil)
	if !ok {
		return Unknown, nil
	}
	for i, f := range fields {
		key := strings.ToLower(strings.TrimSpace(f))
		if own, ok := synonyms[key]; ok {
			if _, twice := c.at[own]; !twice {
				c.at[own] = i
			}
			if _, twice := c.at[key]; !twice && key == "channel" {
				c.at[key] = i
			}
		}
	}
	has := func(name string) bool { _, ok := c.at[name]; return ok }
	switch {
	case has("type") && has("time"):
		return CEL, c
	case has("event") && has("agent"):
		return QueueLog, c
	case has("disposition") && has("time"):
		return CDR, c
	}
	switch {
	case eventTypes[fields[0]]:
		return CEL, nil
	case len(fields) >= len(cdrColumns) && isRecord(fields):
		return CDR, nil
	}
	return Unknown, nil
}

// queueFile tells a line of queue_log by its beginning: a time and the first of its bars.
func queueFile(line string) Kind {
	f := strings.SplitN(line, "|", 6)
	if len(f) < 5 {
		return Unknown
	}
	if _, ok := epoch(f[0]); !ok {
		return Unknown
	}
	return QueueLog
}

func isRecord(fields []string) bool {
	_, err := strconv.Atoi(fields[12])
	_, err2 := strconv.Atoi(fields[13])
	return err == nil && err2 == nil && fields[5] != ""
}

// eventTypes are the events of CEL.
var eventTypes = map[string]bool{
	"CHAN_START": true, "CHAN_END": true, "ANSWER": true, "HANGUP": true, "APP_START": true, "APP_END": true, "BRIDGE_ENTER": true, "BRIDGE_EXIT": true,
	"PARK_START": true, "PARK_END": true, "BLINDTRANSFER": true, "ATTENDEDTRANSFER": true, "PICKUP": true, "FORWARD": true, "LINKEDID_END": true,
	"LOCAL_OPTIMIZE": true, "LOCAL_OPTIMIZE_BEGIN": true, "USER_DEFINED": true, "STREAM_BEGIN": true, "STREAM_END": true, "DTMF": true,
	"CONF_ENTER": true, "CONF_EXIT": true, "BRIDGE_START": true, "BRIDGE_END": true, "TRANSFER": true, "HOOKFLASH": true,
}
