package call

import (
	"strconv"
	"strings"

	"github.com/callweave/callweave/shared/wire"
)

// slot names a value the assembler looks at. Everything else in an event is passed over.
type slot uint8

const (
	slotNone slot = iota
	slotQueue
	slotMemberName
	slotInterface
	slotStateInterface
	slotLocation
	slotPosition
	slotHoldTime
	slotTalkTime
	slotReason
	slotDialStatus
	slotForward
	slotDialString
	slotCause
	slotBridge
	slotBridgeType
	slotBridgeTechnology
	slotBridgeName
	slotToBridge
	slotFromBridge
	slotExtension
	slotApplication
	slotAppData
	slotResult
	slotDestType
	slotDestApp
	slotSpace
	slotParker
	slotVariable
	slotValue
	slotConference
	slotDigit
	slotDirection
	slotUptime
	slotBridgeID
	slotSeconds
	slotDuration
	slotWait
	slotResponse
	slotStatus
	slotPaused
	slotName
	slotEndpointName
	slotContactStatus
	slotPeer
	slotPeerStatus
	slotActionID
	slotStartupDate
	slotStartupTime
	slotNewname
	slotURI
	slotOptimization
	slotDNID
	slotRingTime
	slotVariables
	slotDevice
	slotState
	slotMembership
	slotPenalty
	slotPausedReason
	slotLoginTime
	slotLastPause
	slotWrapup
	slotAgent

	// Blocks: the same eight values under a prefix.
	slotMain
	slotDest             = slotMain + blockSlots
	slotLocalOne         = slotDest + blockSlots
	slotLocalTwo         = slotLocalOne + blockSlots
	slotTransferer       = slotLocalTwo + blockSlots
	slotTransferee       = slotTransferer + blockSlots
	slotOrigTransferer   = slotTransferee + blockSlots
	slotSecondTransferer = slotOrigTransferer + blockSlots
	slotTransferTarget   = slotSecondTransferer + blockSlots
	slotParkee           = slotTransferTarget + blockSlots
	slotRetriever        = slotParkee + blockSlots
	slotTarget           = slotRetriever + blockSlots
	slots                = slotTarget + blockSlots
)

// Places within a block.
const (
	inChannel slot = iota
	inState
	inNumber
	inName
	inContext
	inExten
	inUniqueid
	inLinkedid
	blockSlots
)

// fieldSlots says where a field's value is put. It is a table so that the fields nobody asks for cost one load each.
var fieldSlots = [1024]slot{
	wire.FQueue: slotQueue, wire.FMemberName: slotMemberName, wire.FInterface: slotInterface,
	wire.FStateInterface: slotStateInterface, wire.FLocation: slotLocation, wire.FPosition: slotPosition,
	wire.FHoldTime: slotHoldTime, wire.FTalkTime: slotTalkTime, wire.FReason: slotReason,
	wire.FDialStatus: slotDialStatus, wire.FForward: slotForward, wire.FDialString: slotDialString,
	wire.FCause: slotCause, wire.FBridgeUniqueid: slotBridge, wire.FBridgeType: slotBridgeType,
	wire.FBridgeTechnology: slotBridgeTechnology, wire.FBridgeName: slotBridgeName, wire.FToBridgeUniqueid: slotToBridge,
	wire.FFromBridgeUniqueid: slotFromBridge, wire.FExtension: slotExtension, wire.FApplication: slotApplication,
	wire.FAppData: slotAppData, wire.FData: slotAppData, wire.FApplicationData: slotAppData, wire.FResult: slotResult,
	wire.FDestType: slotDestType, wire.FDestApp: slotDestApp, wire.FParkingSpace: slotSpace, wire.FParkerDialString: slotParker,
	wire.FVariable: slotVariable, wire.FValue: slotValue, wire.FConference: slotConference, wire.FDigit: slotDigit,
	wire.FDirection: slotDirection, wire.FUptime: slotUptime, wire.FBridgeID: slotBridgeID,
	wire.FSeconds: slotSeconds, wire.FDuration: slotDuration, wire.FWait: slotWait, wire.FResponse: slotResponse,
	wire.FStatus: slotStatus, wire.FPaused: slotPaused, wire.FName: slotName,
	wire.FEndpointName: slotEndpointName, wire.FContactStatus: slotContactStatus, wire.FPeer: slotPeer,
	wire.FPeerStatus: slotPeerStatus, wire.FActionID: slotActionID, wire.FCoreStartupDate: slotStartupDate,
	wire.FCoreStartupTime: slotStartupTime, wire.FNewname: slotNewname, wire.FURI: slotURI,
	wire.FLocalOptimization: slotOptimization, wire.FDNID: slotDNID,
	wire.FDevice: slotDevice, wire.FState: slotState, wire.FMembership: slotMembership, wire.FPenalty: slotPenalty,
	wire.FPausedReason: slotPausedReason, wire.FLoginTime: slotLoginTime, wire.FLastPause: slotLastPause,
	wire.FWrapuptime: slotWrapup, wire.FAgent: slotAgent,
	wire.FRingTime: slotRingTime, wire.FChanVariable: slotVariables,

	wire.FChannel: slotMain + inChannel, wire.FChannelState: slotMain + inState, wire.FCallerIDNum: slotMain + inNumber,
	wire.FCallerIDName: slotMain + inName, wire.FContext: slotMain + inContext, wire.FExten: slotMain + inExten,
	wire.FUniqueid: slotMain + inUniqueid, wire.FLinkedid: slotMain + inLinkedid,

	wire.FDestChannel: slotDest + inChannel, wire.FDestChannelState: slotDest + inState,
	wire.FDestCallerIDNum: slotDest + inNumber, wire.FDestCallerIDName: slotDest + inName,
	wire.FDestContext: slotDest + inContext, wire.FDestExten: slotDest + inExten,
	wire.FDestUniqueid: slotDest + inUniqueid, wire.FDestLinkedid: slotDest + inLinkedid,

	wire.FLocalOneChannel: slotLocalOne + inChannel, wire.FLocalOneUniqueid: slotLocalOne + inUniqueid,
	wire.FLocalOneLinkedid: slotLocalOne + inLinkedid, wire.FLocalOneChannelState: slotLocalOne + inState,
	wire.FLocalTwoChannel: slotLocalTwo + inChannel, wire.FLocalTwoUniqueid: slotLocalTwo + inUniqueid,
	wire.FLocalTwoLinkedid: slotLocalTwo + inLinkedid, wire.FLocalTwoChannelState: slotLocalTwo + inState,

	wire.FTransfererChannel: slotTransferer + inChannel, wire.FTransfererUniqueid: slotTransferer + inUniqueid,
	wire.FTransfererLinkedid: slotTransferer + inLinkedid, wire.FTransfererChannelState: slotTransferer + inState,
	wire.FTransfereeChannel: slotTransferee + inChannel, wire.FTransfereeUniqueid: slotTransferee + inUniqueid,
	wire.FTransfereeLinkedid: slotTransferee + inLinkedid, wire.FTransfereeChannelState: slotTransferee + inState,
	wire.FOrigTransfererChannel: slotOrigTransferer + inChannel, wire.FOrigTransfererUniqueid: slotOrigTransferer + inUniqueid,
	wire.FOrigTransfererLinkedid:     slotOrigTransferer + inLinkedid,
	wire.FOrigTransfererExten:        slotOrigTransferer + inExten,
	wire.FSecondTransfererChannel:    slotSecondTransferer + inChannel,
	wire.FSecondTransfererUniqueid:   slotSecondTransferer + inUniqueid,
	wire.FSecondTransfererLinkedid:   slotSecondTransferer + inLinkedid,
	wire.FSecondTransfererExten:      slotSecondTransferer + inExten,
	wire.FTransferTargetChannel:      slotTransferTarget + inChannel,
	wire.FTransferTargetUniqueid:     slotTransferTarget + inUniqueid,
	wire.FTransferTargetLinkedid:     slotTransferTarget + inLinkedid,
	wire.FTransferTargetChannelState: slotTransferTarget + inState,

	wire.FParkeeChannel: slotParkee + inChannel, wire.FParkeeUniqueid: slotParkee + inUniqueid,
	wire.FParkeeLinkedid: slotParkee + inLinkedid, wire.FParkeeChannelState: slotParkee + inState,
	wire.FRetrieverChannel: slotRetriever + inChannel, wire.FRetrieverUniqueid: slotRetriever + inUniqueid,
	wire.FRetrieverLinkedid: slotRetriever + inLinkedid, wire.FRetrieverChannelState: slotRetriever + inState,
	wire.FTargetChannel: slotTarget + inChannel, wire.FTargetUniqueid: slotTarget + inUniqueid,
	wire.FTargetLinkedid: slotTarget + inLinkedid, wire.FTargetChannelState: slotTarget + inState,
}

// record is an event taken apart. Its strings share the event's memory.
type record struct {
	ev    *wire.Event
	t     int64 // µs since 1970 UTC, see clock.go
	value [slots]string
	set   [slots]slot // the slots that hold something, so that emptying costs what filling did
	n     int
	vars  []string // channel variables that travel with the event, as name=value
}

func (r *record) take(ev *wire.Event) {
	for i := range r.n {
		r.value[r.set[i]] = ""
	}
	r.n = 0
	r.ev, r.vars = ev, r.vars[:0]
	for i := range ev.Fields {
		f := &ev.Fields[i]
		if int(f.ID) >= len(fieldSlots) || f.Value == "" {
			continue
		}
		s := fieldSlots[f.ID]
		if s == slotVariables {
			r.vars = append(r.vars, f.Value)
			continue
		}
		if s == slotNone || r.value[s] != "" || f.Value == "<unknown>" {
			continue
		}
		r.value[s] = f.Value
		r.set[r.n] = s
		r.n++
	}
}

func (r *record) get(s slot) string { return r.value[s] }

func (r *record) int(s slot) (int64, bool) {
	n, err := strconv.ParseInt(r.value[s], 10, 64)
	return n, err == nil
}

func (r *record) small(s slot) int {
	n, ok := r.int(s)
	if !ok || n < 0 || n > 1<<30 {
		return 0
	}
	return int(n)
}

// state returns the channel state of a block, without the mute flag, and -1 where there is none.
func (r *record) state(block slot) int {
	n, ok := r.int(block + inState)
	if !ok {
		return -1
	}
	return int(n) &^ (1 << 16)
}

// Channel states of Asterisk.
const (
	stateDown    = 0
	stateRing    = 4
	stateRinging = 5
	stateUp      = 6
)

// duration reads "hh:mm:ss" or seconds.
func duration(s string) (int64, bool) {
	var total int64
	for part := range strings.SplitSeq(s, ":") {
		n, err := strconv.ParseInt(part, 10, 32)
		if err != nil || n < 0 {
			return 0, false
		}
		total = total*60 + n
	}
	return total, s != ""
}
