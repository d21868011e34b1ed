package dialplan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Names of what is written.
const (
	Header   = "X-Call-Ref"    // of the INVITE
	Variable = "CALLWEAVE_REF" // of the channels on both sides; assemblers look for it
	Out      = "callweave-out" // context of the handler of legs that leave
	In       = "callweave-in"  // context of the subroutine for legs that come in
	// FreePBX alone:
	Trunk     = "callweave-trunk"                  // context of the subroutine that FreePBX's hook calls
	FromPeer  = "from-callweave"                   // context for the trunks from other PBXs
	TrunkHook = "macro-dialout-trunk-predial-hook" // FreePBX's
)

// snippet is the file. mark makes references of this PBX differ from those of another one with the same name.
func snippet(peers []string, kind Kind, mark, context string, hook bool) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("; Written by callweave-edge dialplan install, which writes it anew each time; callweave-edge dialplan remove takes it away.")
	say("%s%s", peersMark, strings.Join(peers, " "))
	say("; Hands a reference to the other PBXs with every call, so that both halves are known to be one.")
	say("")
	say("; Tells whether a channel is one of the peers': nobody else gets a reference, and nobody else's is believed.")
	say("[callweave-peer]")
	say("exten => s,1,Set(LOCAL(end)=${CUT(CHANNEL,/,2-)})")
	say(" same => n,Set(LOCAL(end)=${end:0:-9})")
	for _, p := range peers {
		say(` same => n,GotoIf($["${end}" = "%s"]?yes)`, p)
	}
	say(" same => n,Return(no)")
	say(" same => n(yes),Return(yes)")
	say("")
	say("; Runs on a leg that leaves, before it is dialled: Dial(PJSIP/600@peer,60,b(%s^s^1))", Out)
	say("[%s]", Out)
	say("exten => s,1,Gosub(callweave-peer,s,1)")
	say(` same => n,GotoIf($["${GOSUB_RETVAL}" != "yes"]?done)`)
	say(" same => n,Set(%s=%s-${UNIQUEID}-${RAND(100000,999999)})", Variable, mark)
	say(` same => n,GotoIf($["${CHANNEL(channeltype)}" = "SIP"]?sip)`)
	say(" same => n,Set(PJSIP_HEADER(add,%s)=${%s})", Header, Variable)
	say(" same => n,Return()")
	say(" same => n(sip),SIPAddHeader(%s: ${%s})", Header, Variable)
	say(" same => n(done),Return()")
	say("")
	say("; Runs on a leg that came in, first of all: Gosub(%s,s,1)", In)
	say("[%s]", In)
	say("exten => s,1,Gosub(callweave-peer,s,1)")
	say(` same => n,GotoIf($["${GOSUB_RETVAL}" != "yes"]?done)`)
	say(` same => n,GotoIf($["${CHANNEL(channeltype)}" = "SIP"]?sip)`)
	say(" same => n,Set(__%s=${PJSIP_HEADER(read,%s)})", Variable, Header)
	say(" same => n,Return()")
	say(" same => n(sip),Set(__%s=${SIP_HEADER(%s)})", Variable, Header)
	say(" same => n(done),Return()")
	if kind == FreePBX {
		freePBX(say, peers, mark, context, hook)
	}
	return b.String()
}

func freePBX(say func(string, ...any), peers []string, mark, context string, hook bool) {
	say("")
	say("; Called by FreePBX on the caller's channel before a trunk is dialled. FreePBX adds the headers itself.")
	say("[%s]", Trunk)
	say("exten => s,1,Set(LOCAL(end)=${CUT(OUT_${DIAL_TRUNK},/,2)})")
	for _, p := range peers {
		say(` same => n,GotoIf($["${end}" = "%s"]?peer)`, p)
	}
	say(` same => n,ExecIf($["${HASH(SIPHEADERS,%s)}" != ""]?Set(HASH(__SIPHEADERS,%s)=unset))`, Header, Header)
	say(" same => n,Return()")
	say(" same => n(peer),Set(_%s=%s-${UNIQUEID}-${RAND(100000,999999)})", Variable, mark)
	say(" same => n,Set(HASH(__SIPHEADERS,%s)=${%s})", Header, Variable)
	say(" same => n,Return()")
	if hook {
		say("")
		say("[%s]", TrunkHook)
		say("exten => s,1,Gosub(%s,s,1)", Trunk)
		say(` same => n,ExecIf($["${MACRO_EXTEN}" != ""]?MacroExit())`)
		say(" same => n,Return()")
	}
	say("")
	say("; The context to choose for the trunks from the other PBXs, instead of %s.", context)
	say("[%s]", FromPeer)
	say("exten => _[+*#0-9A-Za-z]!,1,Gosub(%s,s,1)", In)
	say(" same => n,Goto(%s,${EXTEN},1)", context)
}

// peersMark begins the line of the file that says whom it was written for.
const peersMark = "; peers: "

// peersOf reads whom a file was written for.
func peersOf(text string) []string {
	for line := range strings.Lines(text) {
		if list, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), peersMark); ok {
			return strings.Fields(list)
		}
	}
	return nil
}

// contextOf reads where a file has calls from peers go on.
func contextOf(text string) string {
	_, own, _ := strings.Cut(text, "["+FromPeer+"]")
	_, on, _ := strings.Cut(own, "Goto(")
	if context, _, ok := strings.Cut(on, ","); ok {
		return context
	}
	return "from-pstn"
}

// markOf makes eight characters of what tells machines apart.
func markOf(machine string) string {
	sum := sha256.Sum256([]byte(machine))
	return hex.EncodeToString(sum[:4])
}
