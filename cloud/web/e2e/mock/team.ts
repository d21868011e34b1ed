import type { OperatorState } from '../../src/api/types.ts'
import { directory } from './data.ts'

/* What seven operators do on any day between eight and six, the same every time. */

const second = 1000
const minute = 60 * second
const hour = 60 * minute

function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** The states of the day that begins at `from`, as far as they have begun. */
export function statesOfDay(from: number, now: number): OperatorState[] {
  const states = [1, 2, 3, 4, 5, 6, 7].flatMap(operator => dayOf(operator, from))
  return states.filter(one => Date.parse(one.from) < now).map(one => (one.to !== null && Date.parse(one.to) > now && one.kind !== 'wrap_up' ? { ...one, to: null } : one)).sort((a, b) => Date.parse(b.from) - Date.parse(a.from))
}

function dayOf(operator: number, day: number): OperatorState[] {
  const roll = dice(operator * 97)
  const states: OperatorState[] = []
  const name = directory.operators.find(one => one.id === operator)?.name ?? ''
  const add = (kind: OperatorState['kind'], from: number, to: number | null, more: Partial<OperatorState> = {}) => {
    states.push({
      id: `0197b0df-0000-8000-8000-${String(operator).padStart(4, '0')}${String(states.length).padStart(8, '0')}`, kind, pbx: 1, operator, people: [{ id: operator, name }], queue: null,
      from: new Date(Math.round(from)).toISOString(), to: to === null ? null : new Date(Math.round(to)).toISOString(), estimated: false, interface: `PJSIP/${100 + operator}`, member: name, membership: 'dynamic', penalty: 0,
      began_by: 'dialplan', ended_by: '', reason: '', end_reason: '', ...more,
    })
  }
  const came = day + (operator < 5 ? 8 : 9) * hour + roll() * 20 * minute
  const left = day + (operator < 5 ? 17 : 18) * hour + roll() * 15 * minute
  const queues = operator % 3 === 0 ? [1, 2] : operator % 2 === 0 ? [2] : [1]
  for (const queue of queues) add('logged_in', came, left, { queue, estimated: operator === 6 })
  const lunch = day + 12 * hour + operator * 14 * minute
  for (const queue of queues) add('paused', lunch, lunch + 32 * minute, { queue, reason: 'lunch' })
  if (operator === 7) add('unreachable', day, came)
  let at = operator === 7 ? came : day
  const free = (to: number) => { if (to > at) add('idle', at, to) }
  for (let next = came + roll() * 10 * minute; next < left; next += (3 + roll() * 17) * minute) {
    if (next > lunch - 5 * minute && next < lunch + 33 * minute) continue
    const queue = queues[Math.floor(roll() * queues.length)] ?? 1
    const rang = (4 + roll() * 12) * second
    free(next)
    add('ringing', next, next + rang, { queue })
    at = next + rang
    if (roll() < 0.12) continue
    const talk = (60 + roll() ** 2 * 600) * second
    add('busy', at, at + talk, { queue, estimated: operator === 2 && roll() < 0.1 })
    at += talk
    if (roll() < 0.2) {
      add('on_hold', at, at + 25 * second, { queue })
      add('busy', at + 25 * second, at + 70 * second, { queue })
      at += 70 * second
    }
    add('wrap_up', at, at + 20 * second, { queue })
    next = Math.max(next, at + 20 * second)
  }
  free(day + 24 * hour)
  return states
}
