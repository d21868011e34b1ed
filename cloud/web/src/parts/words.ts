import { c, t } from 'ttag'

/* Words for what the API says by name. What it may say one day and we do not know yet is shown as it came. */

export function dispositionWord(disposition: string): string {
  switch (disposition) {
    case 'answered': return c('call').t`Answered`
    case 'abandoned': return c('call').t`Abandoned`
    case 'timeout': return c('call').t`Queue timeout`
    case 'join_empty': return c('call').t`No operators`
    case 'leave_empty': return c('call').t`Operators left`
    case 'voicemail': return c('call').t`Voicemail`
    case 'no_answer': return c('call').t`No answer`
    case 'busy': return c('call').t`Busy`
    case 'rejected': return c('call').t`Rejected`
    case 'failed': return c('call').t`Failed`
    case 'unknown':
    case '': return c('call').t`Not known`
    default: return disposition
  }
}

export function directionWord(direction: string): string {
  switch (direction) {
    case 'inbound': return c('call').t`Inbound`
    case 'outbound': return c('call').t`Outbound`
    case 'internal': return c('call').t`Internal`
    default: return c('call').t`Direction not known`
  }
}

export function hangupWord(by: string): string {
  switch (by) {
    case 'caller': return c('ended by').t`the caller`
    case 'callee': return c('ended by').t`the other side`
    case 'pbx': return c('ended by').t`the PBX`
    default: return c('ended by').t`not known`
  }
}

/** How a ring ended. */
export function ringWord(result: string): string {
  switch (result) {
    case 'answered': return c('ring').t`answered`
    case 'cancelled': return c('ring').t`answered elsewhere`
    case 'no_answer': return c('ring').t`not answered`
    case 'busy': return c('ring').t`busy`
    case 'declined': return c('ring').t`declined`
    case 'redirected': return c('ring').t`redirected`
    case 'failed': return c('ring').t`failed`
    default: return result
  }
}

/** How a visit to a queue ended. */
export function visitWord(result: string): string {
  switch (result) {
    case 'answered': return c('queue visit').t`answered`
    case 'abandoned': return c('queue visit').t`abandoned`
    case 'timeout': return c('queue visit').t`timeout`
    case 'join_empty': return c('queue visit').t`no operators at entry`
    case 'leave_empty': return c('queue visit').t`no operators left`
    case 'transferred': return c('queue visit').t`transferred`
    case 'other': return c('queue visit').t`left`
    default: return result
  }
}

/** How a stay in a parking lot ended, and who fetched the call. */
export function parkingWord(result: string, retriever: string): string {
  switch (result) {
    case 'retrieved': return retriever ? c('parking').t`fetched by ${retriever}` : c('parking').t`fetched`
    case 'timeout': return c('parking').t`time ran out, back to who parked it`
    case 'abandoned': return c('parking').t`the parked party hung up`
    case 'other': return c('parking').t`left`
    default: return result
  }
}

export function transferWord(kind: string, result: string): string {
  const blind = kind === 'blind'
  switch (result) {
    case 'abandoned': return blind ? t`Blind transfer, the caller hung up` : t`Attended transfer, the caller hung up`
    case 'no_answer': return blind ? t`Blind transfer, nobody answered` : t`Attended transfer, nobody answered`
    case 'failed': return blind ? t`Blind transfer, failed` : t`Attended transfer, failed`
    default: return blind ? t`Blind transfer` : t`Attended transfer`
  }
}

/** Hangup causes as Q.850 numbers them: the usual ones in words, all with their number. */
export function causeWord(cause: number): string {
  const word = causeName(cause)
  return word ? `${cause}, ${word}` : String(cause)
}

function causeName(cause: number): string {
  switch (cause) {
    case 1: return c('hangup cause').t`no such number`
    case 3: return c('hangup cause').t`no route`
    case 16: return c('hangup cause').t`normal`
    case 17: return c('hangup cause').t`busy`
    case 18: return c('hangup cause').t`no response`
    case 19: return c('hangup cause').t`no answer`
    case 20: return c('hangup cause').t`not registered`
    case 21: return c('hangup cause').t`declined`
    case 26: return c('hangup cause').t`answered elsewhere`
    case 27: return c('hangup cause').t`out of order`
    case 34: return c('hangup cause').t`no free line`
    case 38: return c('hangup cause').t`network out of order`
    default: return ''
  }
}

export function legWord(kind: string): string {
  switch (kind) {
    case 'customer': return c('leg').t`outside`
    case 'operator': return c('leg').t`our device`
    case 'trunk': return c('leg').t`trunk between PBXs`
    case 'service': return c('leg').t`the PBX itself`
    default: return kind
  }
}

export function evidenceWord(kind: string): string {
  switch (kind) {
    case 'header': return c('evidence').t`a SIP header carried across`
    case 'call-id':
    case 'sip-call-id': return c('evidence').t`the same SIP Call-ID`
    case 'number-time':
    case 'numbers':
    case 'numbers-time': return c('evidence').t`the same numbers at the same time`
    default: return kind
  }
}

export function confidenceWord(confidence: string): string {
  switch (confidence) {
    case 'certain': return c('confidence').t`certain`
    case 'likely': return c('confidence').t`likely`
    default: return confidence
  }
}

export function gapWord(reason: string): string {
  switch (reason) {
    case 'spool-full': return t`the agent's disk buffer was full`
    case 'spool-age': return t`events were older than the buffer keeps`
    case 'damaged': return t`the buffer on disk was damaged`
    case 'cut': return t`the connection to Asterisk was cut`
    case 'unwritable': return t`the agent could not write to its disk`
    case 'forgotten': return t`events were asked for again that the buffer had let go`
    case 'undecodable': return t`events arrived and could not be read`
    case 'disconnected': return t`the agent was not connected to Asterisk, or did not run`
    case 'silent': return t`the agent's machine stood still`
    case 'unheard': return t`no agent listened to this PBX`
    default: return reason
  }
}

/** What an endpoint of a PBX is taken for. */
export function endpointWord(of: string): string {
  switch (of) {
    case 'device': return c('endpoint').t`Device`
    case 'trunk': return c('endpoint').t`Trunk`
    case 'unknown': return c('endpoint').t`Not known`
    default: return of
  }
}

/** What a number is. */
export function numberWord(kind: string): string {
  switch (kind) {
    case 'operator': return c('number').t`One of ours`
    case 'queue': return c('number').t`Queue`
    case 'did': return c('number').t`Number the outside calls in by`
    case 'outside': return c('number').t`Outside`
    case 'service': return c('number').t`Service code`
    case 'unknown':
    case '': return c('number').t`Not known`
    default: return kind
  }
}

/** What is thought of two endpoints as the ends of one trunk. */
export function pairWord(state: string): string {
  switch (state) {
    case 'proposed': return c('trunk pair').t`proposed`
    case 'confirmed': return c('trunk pair').t`one trunk`
    case 'rejected': return c('trunk pair').t`not one trunk`
    default: return state
  }
}

/** What an operator did, or the device. */
export function stateWord(kind: string): string {
  switch (kind) {
    case 'logged_in': return c('state').t`logged in`
    case 'paused': return c('state').t`paused`
    case 'wrap_up': return c('state').t`wrap-up`
    case 'ringing': return c('state').t`ringing`
    case 'busy': return c('state').t`busy`
    case 'on_hold': return c('state').t`has on hold`
    case 'idle': return c('state').t`free`
    case 'unreachable': return c('state').t`unreachable`
    default: return kind
  }
}

export function roleWord(role: string): string {
  switch (role) {
    case 'administrator': return t`Administrator`
    case 'supervisor': return t`Supervisor`
    case 'operator': return t`Operator`
    case 'operator_figures': return t`Operator with own figures`
    case 'none': return t`No access`
    case 'staff': return t`Vendor's staff`
    default: return role
  }
}

/** Which log a file is, as those who run PBXs call it. */
export function logWord(kind: string): string {
  switch (kind) {
    case 'queue_log': return 'queue_log'
    case 'cel': return 'CEL'
    case 'cdr': return 'CDR'
    default: return '–'
  }
}

/** Where a call comes from that no agent heard. */
export function originWord(imported: string[]): string {
  const logs = imported.map(logWord).join(' + ')
  return t`Imported from ${logs}`
}
