import { t } from 'ttag'
import { clock } from '../format/duration.ts'
import { phone } from '../format/phone.ts'
import type { ImportDifference, ImportFail, ImportProblem } from '../api/types.ts'
import { directionWord, dispositionWord, visitWord } from '../parts/words.ts'

export function figureWord(figure: string): string {
  switch (figure) {
    case 'result': return t`Result`
    case 'direction': return t`Direction`
    case 'dialled': return t`Dialled`
    case 'queues': return t`Queues`
    case 'operators': return t`Operators`
    case 'rings': return t`Rings`
    case 'transfers': return t`Transfers`
    case 'wait': return t`Wait`
    case 'talk': return t`Talk`
    case 'hold': return t`Hold`
    default: return t`Call`
  }
}

/** Why the logs say something else, where it is known. */
export function reasonWord(reason: string): string {
  switch (reason) {
    case 'no_holds': return t`These logs do not tell holds: hold counts as talk.`
    case 'no_number': return t`queue_log does not tell what number was dialled.`
    case 'after_transfer': return t`queue_log ends with a transfer, or counts the talk after it as the first operator's.`
    case 'no_device': return t`queue_log names a member whose device nobody knows.`
    case 'outside_queues': return t`queue_log tells of queues only.`
    case 'no_bridges': return t`CDR does not tell who heard whom.`
    case 'heard_in_part': return t`The agent heard this call in part only.`
    case 'refused_unseen': return t`That a queue refused the caller leaves no trace in the logs.`
    case 'no_consultation': return t`Nothing in the logs ties a consultation to the call it was about.`
    default: return ''
  }
}

/** The two sides of a difference as people read them. */
export function sides({ kind, figure, stored, logged }: ImportDifference): { heard: string; logs: string } {
  switch (kind) {
    case 'only_in_logs': return { heard: t`No such call, though everything was heard`, logs: dispositionWord(logged) }
    case 'split': return { heard: t`One call`, logs: t`A call of its own: ${logged}` }
    case 'joined': return { heard: t`${stored} calls`, logs: t`One call` }
    default: return { heard: valueText(figure, stored), logs: valueText(figure, logged) }
  }
}

function valueText(figure: string, value: string): string {
  if (value === '') return '–'
  switch (figure) {
    case 'result': return dispositionWord(value)
    case 'direction': return directionWord(value)
    case 'dialled': return phone(value)
    case 'wait': case 'talk': case 'hold': return clock(Number(value) * 1000)
    case 'queues': return value.split(', ').map(visit => {
      const [queue = '', result = ''] = visit.split(' ')
      return `${queue} ${visitWord(result)}`
    }).join(', ')
    default: return value
  }
}

/** What is wrong with a line. */
export function flawText({ flaw, what }: ImportProblem): string {
  switch (flaw) {
    case 'too_long': return t`The line is too long.`
    case 'open_quote': return t`A quotation mark is not closed.`
    case 'few_fields': return t`It has too few fields, or too many.`
    case 'no_event': return t`It names no event.`
    case 'unknown_event': return t`“${what}” is no event of CEL.`
    case 'no_time': return t`“${what}” is no time.`
    case 'no_length': return t`“${what}” is no number of seconds.`
    case 'no_channel': return t`It names no channel.`
  }
}

/** Why an import failed, and what to do. */
export function failureText({ code, detail }: ImportFail): string {
  switch (code) {
    case 'not_a_log': return t`This is no queue_log, CEL or CDR. Choose the files as Asterisk writes them, or tables exported to CSV with their header.`
    case 'packed': return t`It is packed with xz, zstd or zip. Unpack it first; gzip and bzip2 may stay.`
    case 'zone_needed': return t`Its times are local. Say of which time zone.`
    case 'wrong_zone': return t`Its times are ${detail} off what the channels' own identifiers say. Choose another time zone; where usegmtime is on, Asterisk writes UTC.`
    case 'other_log': return t`It looks like ${detail}, and something else was expected.`
    case 'columns': return t`Its header has no column for: ${detail}.`
    case 'encoding': return t`No encoding is called “${detail}”.`
    case 'nothing': return t`The files hold nothing of this period.`
    case 'interrupted': return t`It was interrupted. What was written stays; import the same files again, and the rest follows.`
    default: return t`Something went wrong on our side. It has been logged; import the files again.`
  }
}
