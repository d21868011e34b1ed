import type { OperatorState } from '../api/types.ts'

/* One day of operators, from their states: all of it pure. Times are in ms. */

export type Kind = OperatorState['kind']

export interface Bar {
  id: string
  kind: Kind
  from: number
  to: number
  /** It lasts: what is drawn as its end is now. */
  open: boolean
  estimated: boolean
  queue: number | null
  reason: string
}

export interface Lane {
  operator: number
  /** Who was at the device that day, as far as anybody said. */
  people: string[]
  /** What the device did, one at a time. */
  device: Bar[]
  wraps: Bar[]
  /** Log-ins by queue, in the order in which they began; null is a pool of agents. */
  queues: { queue: number | null; logins: Bar[]; pauses: Bar[] }[]
}

export interface Window { from: number; to: number }

/** Whether a state belongs to a queue of its own: log-ins, pauses and wrap-ups may overlap, the rest cannot. */
const ofQueue = new Set<Kind>(['logged_in', 'paused', 'wrap_up', 'penalty'])

/** The part of a state that lies in the window and is not still to come. */
export function barOf(state: OperatorState, { from, to }: Window, now: number): Bar | null {
  const end = Math.min(to, now)
  const began = Math.max(Date.parse(state.from), from)
  const ended = Math.min(state.to === null ? Number.POSITIVE_INFINITY : Date.parse(state.to), end)
  if (ended <= began) return null
  return { id: state.id, kind: state.kind, from: began, to: ended, open: state.to === null && end < to, estimated: state.estimated, queue: state.queue, reason: state.reason }
}

/** A lane for everybody who was logged in or had a call, in no order. Of queues only those asked for, if any are. */
export function lanesOf(states: OperatorState[], window: Window, now: number, queues: number[]): Lane[] {
  const byOperator = new Map<number, OperatorState[]>()
  for (const state of states) byOperator.set(state.operator, [...(byOperator.get(state.operator) ?? []), state])
  const wanted = (bar: Bar) => queues.length === 0 || (bar.queue !== null && queues.includes(bar.queue))
  return [...byOperator].flatMap(([operator, own]) => {
    const bars = own.flatMap(state => barOf(state, window, now) ?? []).sort((a, b) => a.from - b.from)
    const worked = bars.some(bar => (bar.kind === 'logged_in' || bar.kind === 'busy' || bar.kind === 'ringing' || bar.kind === 'on_hold') && wanted(bar))
    if (!worked) return []
    const people = [...new Set(own.flatMap(state => state.people.map(one => one.name)))]
    return [{ operator, people, device: bars.filter(bar => !ofQueue.has(bar.kind)), wraps: bars.filter(bar => bar.kind === 'wrap_up' && wanted(bar)), queues: queuesOf(bars.filter(wanted)) }]
  })
}

function queuesOf(bars: Bar[]): Lane['queues'] {
  const found: Lane['queues'] = []
  for (const bar of bars) {
    if (bar.kind !== 'logged_in' && bar.kind !== 'paused') continue
    let one = found.find(other => other.queue === bar.queue)
    if (!one) found.push((one = { queue: bar.queue, logins: [], pauses: [] }))
    if (bar.kind === 'paused') one.pauses.push(bar)
    else one.logins.push(bar)
  }
  return found
}

export const pausesOf = (lane: Lane): Bar[] => lane.queues.flatMap(one => one.pauses)

/** How long at least one of the bars was: overlapping ones count once. */
export function union(bars: Bar[]): number {
  let total = 0
  let reached = Number.NEGATIVE_INFINITY
  for (const { from, to } of [...bars].sort((a, b) => a.from - b.from)) {
    if (to <= reached) continue
    total += to - Math.max(from, reached)
    reached = to
  }
  return total
}

export interface Totals { loggedIn: number; paused: number; ringing: number; busy: number; hold: number; wrapUp: number; unreachable: number }

/** Sums of a lane as docs/operator-states.md has them. */
export function totalsOf(lane: Lane): Totals {
  const of = (kind: Kind) => union(lane.device.filter(bar => bar.kind === kind))
  return { loggedIn: union(lane.queues.flatMap(one => one.logins)), paused: union(pausesOf(lane)), ringing: of('ringing'), busy: of('busy'), hold: of('on_hold'), wrapUp: union(lane.wraps), unreachable: of('unreachable') }
}

/** What was so at a moment: what the device did first, then pauses, then log-ins. */
export function at(lane: Lane, moment: number): Bar[] {
  return everything(lane).filter(bar => bar.from <= moment && (moment < bar.to || (bar.open && moment === bar.to)))
}

export function everything(lane: Lane): Bar[] {
  return [...lane.device, ...lane.wraps, ...pausesOf(lane), ...lane.queues.flatMap(one => one.logins)]
}

/** The moments at which something of the lane begins or ends. */
export function moments(lane: Lane): number[] {
  return [...new Set(everything(lane).flatMap(bar => [bar.from, bar.to]))].sort((a, b) => a - b)
}

const hour = 3_600_000

/**
 * The hours worth drawing: from the first to the last thing somebody did, in whole hours; at least four of them. A log-in
 * that nobody saw begin may be days old and says nothing of it.
 */
export function hoursOf(lanes: Lane[], day: Window, now: number): Window {
  const done = lanes.flatMap(lane => everything(lane).filter(bar => bar.kind !== 'idle' && bar.kind !== 'unreachable' && !(bar.kind === 'logged_in' && bar.estimated)))
  if (done.length === 0) return day
  const steps = (moment: number) => (moment - day.from) / hour
  const first = Math.floor(steps(Math.min(...done.map(bar => bar.from))))
  const last = Math.ceil(steps(Math.max(...done.map(bar => bar.to), Math.min(now, day.from + hour))))
  const from = Math.max(Math.min(first, last - 4), 0)
  return { from: day.from + from * hour, to: Math.min(day.from + Math.max(last, from + 4) * hour, day.to) }
}
