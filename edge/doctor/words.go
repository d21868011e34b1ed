package doctor

import (
	"github.com/callweave/callweave/edge/locale"
	"github.com/callweave/callweave/shared/wire"
)

// Code names what was looked at. Codes are part of the contract with the portal: they are only added to.
type Code string

// The codes.
const (
	CodeEnrolled     Code = "enrolled"
	CodeCertificate  Code = "certificate"
	CodeDNS          Code = "dns"
	CodeUDP          Code = "udp"
	CodeTCP          Code = "tcp"
	CodeTrust        Code = "gateway-trust"
	CodeClock        Code = "clock"
	CodeLink         Code = "link"
	CodeDisk         Code = "disk"
	CodeSpool        Code = "spool"
	CodeConnect      Code = "ami-connect"
	CodeLogin        Code = "ami-login"
	CodeVersion      Code = "asterisk-version"
	CodeWriteRights  Code = "ami-write"
	CodeReadRights   Code = "ami-read"
	CodeTimestamps   Code = "timestampevents"
	CodeSystemName   Code = "systemname"
	CodeDisabled     Code = "disabledevents"
	CodePBXClock     Code = "pbx-clock"
	CodeHidden       Code = "channels-hidden"
	CodeNoDialplan   Code = "dialplan-hidden"
	CodeDisconnected Code = "ami-dropped"
)

// Text is a finding in words.
type Text struct {
	Sentence string // what was seen
	Hurts    string // what it spoils; empty where nothing
	Mend     string // what to do; empty where nothing
}

// Words puts f into words.
func (f Finding) Words(w *locale.Words) Text {
	switch f.Code {
	case CodeEnrolled, CodeCertificate, CodeDNS, CodeUDP, CodeTCP, CodeTrust, CodeClock:
		return f.cloudWords(w)
	case CodeLink:
		return f.linkWords(w)
	case CodeDisk, CodeSpool:
		return f.diskWords(w)
	case CodeConnect, CodeLogin, CodeVersion, CodeWriteRights, CodeReadRights:
		return f.loginWords(w)
	default:
		return f.eventWords(w)
	}
}

func (f Finding) cloudWords(w *locale.Words) Text {
	nothing := w.Say("Nothing reaches the cloud; events are kept on this machine meanwhile.")
	switch {
	case f.Code == CodeEnrolled && f.Severity == OK:
		return Text{Sentence: w.Say("This PBX is enrolled; its agent is %s.", f.Args...)}
	case f.Code == CodeEnrolled:
		return Text{
			w.Say("This PBX is not enrolled."), nothing,
			w.Say("Make a token on the PBXs page of the portal and run: callweave-edge enroll --token TOKEN"),
		}
	case f.Code == CodeCertificate && f.Severity == OK:
		return Text{Sentence: w.Say("The certificate is good until %s and renews itself.", f.Args...)}
	case f.Code == CodeCertificate && f.Severity == Warn:
		return Text{
			w.Say("The certificate ends on %s and was not renewed.", f.Args...), w.Say("After that day nothing reaches the cloud."),
			w.Say("See that the agent runs and is connected: it renews the certificate by itself. Otherwise enrol it again."),
		}
	case f.Code == CodeCertificate:
		return Text{w.Say("The certificate ended on %s.", f.Args...), nothing, w.Say("Enrol the agent again with a new token.")}
	case f.Code == CodeDNS && f.Severity == OK:
		return Text{Sentence: w.Say("The cloud's name %s is known.", f.Args...)}
	case f.Code == CodeDNS:
		return Text{w.Say("The cloud's name %s cannot be resolved: %s.", f.Args...), nothing, w.Say("Check the name servers in /etc/resolv.conf.")}
	case f.Code == CodeUDP && f.Severity == OK:
		return Text{Sentence: w.Say("The cloud can be reached over UDP at %s.", f.Args...)}
	case f.Code == CodeUDP && f.Severity == Warn:
		return Text{
			w.Say("UDP to %s is blocked; the agent uses TCP instead.", f.Args...), w.Say("Live screens may lag on a poor line."),
			w.Say("Allow outgoing UDP to this address in the firewall."),
		}
	case f.Code == CodeUDP:
		return Text{w.Say("The cloud cannot be reached over UDP at %s: %s.", f.Args...), nothing, w.Say("Allow outgoing UDP and TCP to this address in the firewall.")}
	case f.Code == CodeTCP && f.Severity == OK:
		return Text{Sentence: w.Say("The cloud can be reached over TCP at %s.", f.Args...)}
	case f.Code == CodeTCP && f.Severity == Warn:
		return Text{
			w.Say("The cloud cannot be reached over TCP at %s: %s.", f.Args...), w.Say("There is no other way should UDP be blocked one day."),
			w.Say("Allow outgoing TCP to this address in the firewall."),
		}
	case f.Code == CodeTCP:
		return Text{w.Say("The cloud cannot be reached over TCP at %s: %s.", f.Args...), nothing, w.Say("Allow outgoing UDP and TCP to this address in the firewall.")}
	case f.Code == CodeTrust:
		return Text{
			w.Say("What answers at %s is not the cloud this agent was enrolled at: %s.", f.Args...), nothing,
			w.Say("Check the gateway's address, the clock of this machine, and that no proxy opens TLS in between. Otherwise enrol the agent again."),
		}
	case f.Severity == OK:
		return Text{Sentence: w.Say("The clock agrees with the cloud's (%s).", f.Args...)}
	default:
		return Text{
			w.Say("The clock of this machine is off by %s against the cloud's.", f.Args...),
			w.Say("Calls are shown at wrong times, and calls across several PBXs are put together wrongly."),
			w.Say("Turn on time synchronisation: timedatectl set-ntp true"),
		}
	}
}

func (f Finding) linkWords(w *locale.Words) Text {
	kept := w.Say("Nothing reaches the cloud; events are kept on this machine meanwhile.")
	switch f.code() {
	case wire.CodeTenantSuspended, wire.CodeTenantUnknown:
		return Text{w.Say("The cloud does not serve this account at the moment (%s).", f.Args...), kept, w.Say("Settle it with your provider; the agent tries again by itself.")}
	case wire.CodeVersionUnsupported:
		return Text{w.Say("The cloud and this agent do not understand each other (%s).", f.Args...), kept, w.Say("Update the agent.")}
	case wire.CodeReplaced:
		return Text{
			w.Say("Another machine uses the identity of this agent (%s).", f.Args...), w.Say("Events of two PBXs are taken for those of one."),
			w.Say("Enrol one of the two again with a token of its own PBX."),
		}
	default:
		return Text{w.Say("The cloud no longer accepts this agent (%s).", f.Args...), kept, w.Say("Enrol the agent again with a new token.")}
	}
}

func (f Finding) code() wire.Code {
	if len(f.Args) == 0 {
		return ""
	}
	code, _ := f.Args[0].(wire.Code)
	return code
}

func (f Finding) diskWords(w *locale.Words) Text {
	switch {
	case f.Code == CodeDisk && f.Severity == OK:
		return Text{Sentence: w.Say("The disk has room for the buffer: %s free in %s.", f.Args...)}
	case f.Code == CodeDisk && f.Severity == Warn:
		return Text{
			w.Say("The disk has %s free in %s, less than the buffer may need.", f.Args...), w.Say("Should the cloud be away for long, the oldest events are lost."),
			w.Say("Free some space or lower the buffer's size: spool.max_bytes."),
		}
	case f.Code == CodeDisk:
		return Text{
			w.Say("The disk is almost full: %s free in %s.", f.Args...), w.Say("Events cannot be kept; every report will have holes."),
			w.Say("Free some space."),
		}
	case f.Severity == OK:
		return Text{Sentence: w.Say("The buffer %s can be written.", f.Args...)}
	default:
		return Text{
			w.Say("The buffer %s cannot be written: %s.", f.Args...), w.Say("Events cannot be kept; every report will have holes."),
			w.Say("Give the directory to the user the agent runs as."),
		}
	}
}

func (f Finding) loginWords(w *locale.Words) Text {
	nothing := w.Say("No report has any figures of this PBX.")
	switch {
	case f.Code == CodeConnect && f.Severity == OK:
		return Text{Sentence: w.Say("Asterisk answers at %s.", f.Args...)}
	case f.Code == CodeConnect:
		return Text{
			w.Say("Asterisk's manager interface does not answer at %s: %s.", f.Args...), nothing,
			w.Say("See that Asterisk runs, that manager.conf has enabled = yes, and that ami.address is right."),
		}
	case f.Code == CodeLogin && f.Severity == OK:
		return Text{Sentence: w.Say("The manager user %s may log in.", f.Args...)}
	case f.Code == CodeLogin:
		return Text{
			w.Say("The manager user %s may not log in: %s.", f.Args...), nothing,
			w.Say("Compare user and secret with manager.conf, look at its deny and permit lines, and run: asterisk -rx 'manager reload'"),
		}
	case f.Code == CodeVersion && f.Severity == OK:
		return Text{Sentence: w.Say("Asterisk %s is supported.", f.Args...)}
	case f.Code == CodeVersion && f.Severity == Warn:
		return Text{
			w.Say("Asterisk %s is old; some of what it does is not announced.", f.Args...), w.Say("Transfers and hold times may be incomplete."),
			w.Say("Use Asterisk 13 or newer, best 16 or newer."),
		}
	case f.Code == CodeVersion:
		return Text{w.Say("Asterisk %s is too old: it does not announce bridges and dials as calls need.", f.Args...), nothing, w.Say("Use Asterisk 13 or newer, best 16 or newer.")}
	case f.Code == CodeWriteRights && f.Severity == OK:
		return Text{Sentence: w.Say("The manager user may ask for everything the agent needs.")}
	case f.Code == CodeWriteRights:
		return Text{
			w.Say("The manager user may not use: %s.", f.Args...), w.Say("Calls that were going on when the agent connected are incomplete, and operators and queues are not found by themselves."),
			w.Say("Give it in manager.conf: write = system,call,reporting"),
		}
	case f.Severity == OK && len(f.Args) > 0:
		return Text{Sentence: w.Say("The manager user gets the events of: %s.", f.Args...)}
	case f.Severity == OK:
		return Text{Sentence: w.Say("Which events the manager user gets is seen when the first calls come.")}
	default:
		return Text{
			w.Say("The manager user does not get the events of: %s.", f.Args...), w.Say("Without call there are no calls, without agent no queues, without dialplan no IVR and no dialled numbers."),
			w.Say("Give it in manager.conf: read = system,call,agent,user,reporting,dialplan,dtmf,cdr"),
		}
	}
}

func (f Finding) eventWords(w *locale.Words) Text {
	switch {
	case f.Code == CodeTimestamps && f.Severity == OK:
		return Text{Sentence: w.Say("Asterisk stamps its events with the time.")}
	case f.Code == CodeTimestamps:
		return Text{
			w.Say("Asterisk does not stamp its events with the time."), w.Say("Waiting and talk times are less exact when the machine is busy."),
			w.Say("Put in manager.conf, section [general]: timestampevents = yes"),
		}
	case f.Code == CodeSystemName && len(f.Args) > 0:
		return Text{Sentence: w.Say("Asterisk's system name is %s.", f.Args...)}
	case f.Code == CodeSystemName:
		return Text{Sentence: w.Say("Asterisk has no system name; that is fine, as long as calls do not wander between PBXs.")}
	case f.Code == CodeDisabled:
		return Text{
			w.Say("Asterisk is told not to send these events to anybody: %s.", f.Args...), w.Say("Whatever is made of these events is missing."),
			w.Say("Remove them from disabledevents in manager.conf, section [general]."),
		}
	case f.Code == CodePBXClock && f.Severity == OK:
		return Text{Sentence: w.Say("The PBX's clock agrees with this machine's (%s).", f.Args...)}
	case f.Code == CodePBXClock:
		return Text{
			w.Say("The PBX's clock is off by %s against this machine's.", f.Args...), w.Say("Calls across several PBXs are put together wrongly."),
			w.Say("Turn on time synchronisation on the PBX: timedatectl set-ntp true"),
		}
	case f.Code == CodeHidden:
		return Text{
			w.Say("The PBX speaks of channels it never announced, %d of %d: a filter hides them.", f.Args...),
			w.Say("Calls to queues with Local members fall apart, rings are counted wrongly."),
			w.Say("Remove eventfilter lines of this user from manager.conf."),
		}
	case f.Code == CodeNoDialplan:
		return Text{
			w.Say("%d calls were seen and no step of the dialplan.", f.Args...), w.Say("Reports on IVR and on dialled numbers stay empty."),
			w.Say("Give the user in manager.conf the read class dialplan, and remove filters on Newexten."),
		}
	default:
		return Text{
			w.Say("Asterisk dropped the agent's connection %d times within an hour.", f.Args...), w.Say("What happened meanwhile is missing."),
			w.Say("Put into the user's section of manager.conf: writetimeout = 15000"),
		}
	}
}
