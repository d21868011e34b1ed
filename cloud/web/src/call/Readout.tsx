import { useCallback } from 'react'
import { c, t } from 'ttag'
import { useNames } from '../api/queries.ts'
import { useFormats } from '../format/intl.ts'
import { phone } from '../format/phone.ts'
import { confidenceWord, evidenceWord, parkingWord, ringWord, transferWord, visitWord } from '../parts/words.ts'
import { activeAt, type Bar, type Lane, type Layout } from './layout.ts'
import css from './Readout.module.css'
import { peopleAt, type Story } from './story.ts'

export interface Told { time: string; into: string; words: string; spoken: string }

/** A moment in words: what the drawing shows to the eye. */
export function useTell(story: Story, drawn: Layout): (at: number) => Told {
  const formats = useFormats()
  const names = useNames()
  return useCallback(
    (at: number) => {
      const person = (number: string, pbx?: string) => peopleAt(story, number, pbx) || names.personOf(number, pbx) || phone(number)
      const parts = [...transfersAt(drawn, at, person), ...keysAt(drawn, at), ...statesAt(drawn, at, person), ...hopAt(drawn, at)]
      const words = parts.join('; ') || (at <= 0 ? t`The call begins` : at >= drawn.length && !story.open ? t`The call ends` : t`Nothing rings and nobody talks`)
      const time = formats.timeMs(drawn.origin + at).slice(0, -2)
      const into = formats.offset(at)
      return { time, into, words, spoken: `${time}, ${words}` }
    },
    [story, drawn, formats, names],
  )
}

export function Readout({ told }: { told: Told | null }) {
  if (!told) return <p className={css.hint}>{t`Point at the timeline to read a moment, click to see what the PBX said then.`}</p>
  return (
    <p className={css.readout}>
      <b className="num">{told.time}</b>
      <span className={`${css.into} num`}>{told.into}</span>
      <span className={css.words} title={told.words}>{told.words}</span>
    </p>
  )
}

type Person = (number: string, pbx?: string) => string

function statesAt(drawn: Layout, at: number, person: Person): string[] {
  const active = activeAt(drawn, at)
  const ringing: string[] = []
  const told: string[] = []
  for (const { lane, bar } of active) {
    if (bar.kind === 'ring' && lane.kind !== 'outside') ringing.push(person(lane.kind === 'folded' ? (bar.other ?? '') : lane.name, lane.pbx))
    else {
      const words = stateWords(lane, bar, person)
      if (words && !told.includes(words)) told.push(words)
    }
  }
  if (ringing.length > 0) {
    const who = [...new Set(ringing)]
    const shown = who.slice(0, 5).join(', ')
    const rest = who.length - 5
    told.push(rest > 0 ? t`ringing: ${shown} and ${rest} more` : t`ringing: ${shown}`)
  }
  const ended = endsAt(drawn, at, person)
  return [...ended, ...told]
}

function stateWords(lane: Lane, bar: Bar, person: Person): string {
  const who = person(lane.name, lane.pbx)
  const other = person(bar.other ?? '', lane.pbx)
  switch (bar.kind) {
    case 'wait': return t`waiting in ${lane.name}`
    case 'ivr': return [bar.other, bar.result].filter(Boolean).join(' ')
    case 'ring': return t`ringing: ${who}`
    case 'talk': return lane.kind === 'outside' || lane.kind === 'conference' ? '' : t`${who} talks with ${other}`
    case 'consult': return consultation(who, other)
    case 'hold': return lane.kind === 'outside' && bar.other ? '' : t`${who} has the other side on hold`
    case 'park': return lane.name ? t`parked in ${lane.name}` : t`parked`
    case 'digit':
    case 'presence': return ''
  }
}

function consultation(a: string, b: string): string {
  const [first, second] = [a, b].sort()
  return t`consultation: ${first} and ${second}`
}

/** How rings and waits end that end just here: the one thing the drawing does not say by colour. */
function endsAt(drawn: Layout, at: number, person: Person): string[] {
  const told = drawn.lanes.flatMap(lane =>
    lane.bars
      .filter(bar => (bar.kind === 'ring' || bar.kind === 'wait' || bar.kind === 'park') && !bar.open && bar.result && bar.result !== 'answered' && Math.abs(bar.to - at) < 1)
      .map(bar => `${lane.kind === 'folded' ? (bar.other ?? '') : lane.name}: ${endWord(bar, person)}`))
  return told.slice(0, 3)
}

function endWord(bar: Bar, person: Person): string {
  const result = bar.result ?? ''
  if (bar.kind === 'wait') return visitWord(result)
  if (bar.kind === 'park') return parkingWord(result, bar.other ? person(bar.other) : '')
  return ringWord(result)
}

/** Keys that were pressed about now: they have no length to point at. */
function keysAt(drawn: Layout, at: number): string[] {
  const near = drawn.length / 400
  const keys = drawn.lanes.flatMap(lane => lane.bars.filter(bar => bar.kind === 'digit' && Math.abs(bar.from - at) <= near).map(bar => bar.other ?? ''))
  const pressed = keys.join(' ')
  return pressed ? [t`pressed ${pressed}`] : []
}

function transfersAt(drawn: Layout, at: number, person: Person): string[] {
  return drawn.arrows.filter(arrow => Math.abs(arrow.at - at) < 1).map(arrow => `${transferWord(arrow.kind, arrow.result)}: ${person(arrow.by)} → ${person(arrow.target)}`)
}

function hopAt(drawn: Layout, at: number): string[] {
  if (drawn.bands.length < 2) return []
  const i = drawn.bands.findLastIndex(band => band.from <= at)
  const band = drawn.bands[i]
  if (!band) return []
  const pbx = c('on a PBX').t`on ${band.pbx}`
  if (!band.link) return [pbx]
  const evidence = evidenceWord(band.link.kind)
  const confidence = confidenceWord(band.link.confidence)
  return [t`${pbx} (joined by ${evidence}, ${confidence})`]
}
