package wire

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func fieldsOf(pairs ...string) []Field {
	var fs []Field
	for i := 0; i < len(pairs); i += 2 {
		f := Field{ID: LookupField([]byte(pairs[i])), Value: pairs[i+1]}
		if f.ID == 0 {
			f.Name = pairs[i]
		}
		fs = append(fs, f)
	}
	return fs
}

func TestDialBeginDecodesBothChannelsNormalised(t *testing.T) {
	ev := &Event{ID: EvDialBegin, Fields: fieldsOf(
		"Channel", "PJSIP/101-00000001", "ChannelState", "65540", "CallerIDNum", "<unknown>",
		"CallerIDName", `Anna \"A\\B\"`, "Uniqueid", "1.1",
		"ChanVariable", `X-Id=a\nb`, "ChanVariable", "CHANNEL(pjsip,call-id)=9=9",
		"DestChannel", "PJSIP/102-00000002", "DestConnectedLineName", "<unknown>", "DestUniqueid", "1.2",
		"DestChanVariable", "A=1", "DialString", `102\n`, "ChanVariable(PJSIP/101-00000001)", "OLD(x)=y",
	)}
	want := DialBegin{
		Channel: ChannelBlock{
			Name: "PJSIP/101-00000001", State: 4, CallerIDName: `Anna "A\B"`, Uniqueid: "1.1",
			Variables: []Variable{{"X-Id", "a\nb"}, {"CHANNEL(pjsip,call-id)", "9=9"}, {"OLD(x)", "y"}},
		},
		Dest: ChannelBlock{
			Name: "PJSIP/102-00000002", Uniqueid: "1.2",
			Variables: []Variable{{"A", "1"}},
		},
		DialString: `102\n`,
	}
	var got DialBegin
	for range 2 { // the second time with the memory of the first
		got.Decode(ev)
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	if got.Channel.Variable("X-Id") != "a\nb" || got.Channel.Variable("none") != "" || !got.Dest.Present() {
		t.Error("variables are not found")
	}
}

func TestBridgeEventDecodesPrefixesAndUnknownNames(t *testing.T) {
	ev := &Event{ID: EvBridgeMerge, Fields: fieldsOf("ToBridgeUniqueid", "a", "ToBridgeCreator", "<unknown>", "FromBridgeUniqueid", "b",
		"FromBridgeNumChannels", "2")}
	want := &BridgeMerge{To: BridgeBlock{Uniqueid: "a"}, From: BridgeBlock{Uniqueid: "b", NumChannels: "2"}}
	if d := cmp.Diff(any(want), DecodeTyped(ev)); d != "" {
		t.Error(d)
	}
	if DecodeTyped(&Event{ID: EvSuccessfulAuth}) != nil {
		t.Error("an event without a struct decodes to nothing")
	}
}

func TestUnescapeUndoesWhatAsteriskDoesOnce(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", `a\nb\tc`: "a\nb\tc", `\\n`: `\n`, `\q`: `\q`, `end\`: `end\`, `\"\'\?`: `"'?`,
	} {
		if got := Unescape(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestDecodeAllocatesNothingOnceGrown(t *testing.T) {
	ev := &Event{Fields: fieldsOf("Channel", "PJSIP/1-1", "Uniqueid", "1", "ChanVariable", "a=b", "ChanVariable", "c=d")}
	var d Newstate
	if n := testing.AllocsPerRun(100, func() { d.Decode(ev) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
