import { describe, expect, test } from 'vitest'
import type { OperatorState } from '../api/types.ts'
import { at, hoursOf, lanesOf, moments, totalsOf, union } from './day.ts'

const day = { from: Date.parse('2026-11-23T00:00:00Z'), to: Date.parse('2026-11-24T00:00:00Z') }
const clock = (text: string) => `2026-11-23T${text}Z`
const ms = (text: string) => Date.parse(clock(text))
let id = 0
const state = (kind: OperatorState['kind'], from: string, to: string | null, more: Partial<OperatorState> = {}): OperatorState => ({
  id: String(++id), kind, pbx: 1, operator: 1, people: [], queue: null, from: from.includes('T') ? from : clock(from), to: to && (to.includes('T') ? to : clock(to)), estimated: false,
  interface: 'PJSIP/101', member: '', membership: 'dynamic', penalty: 0, began_by: '', ended_by: '', reason: '', end_reason: '', ...more,
})
const now = ms('18:00:00')
const morning = [
  state('logged_in', '09:00:00', '12:00:00', { queue: 1 }),
  state('logged_in', '10:00:00', null, { queue: 2 }),
  state('paused', '11:00:00', '11:30:00', { queue: 1, reason: 'lunch' }),
  state('paused', '11:00:00', '11:40:00', { queue: 2, reason: 'lunch' }),
  state('idle', '2026-11-22T20:00:00Z', '10:00:00'),
  state('busy', '10:00:00', '10:05:00', { queue: 1 }),
  state('wrap_up', '10:05:00', '10:06:00', { queue: 1 }),
]

describe('a lane', () => {
  test('is cut to the day, and what lasts reaches to now', () => {
    const [lane] = lanesOf(morning, day, now, [])
    expect(lane?.device.map(bar => [bar.kind, bar.from, bar.to])).toEqual([['idle', day.from, ms('10:00:00')], ['busy', ms('10:00:00'), ms('10:05:00')]])
    expect(lane?.queues.map(one => [one.queue, one.logins[0]?.to, one.logins[0]?.open])).toEqual([[1, ms('12:00:00'), false], [2, now, true]])
  })

  test('of a past day ends with the day, and nothing of it lasts', () => {
    const [lane] = lanesOf(morning, day, day.to + 5_000_000, [])
    expect(lane?.queues[1]?.logins[0]).toMatchObject({ to: day.to, open: false })
  })

  test('shows a wrap-up that ends in the future up to now', () => {
    const [lane] = lanesOf([state('logged_in', '09:00:00', null, { queue: 1 }), state('wrap_up', '17:59:50', '18:00:20', { queue: 1 })], day, now, [])
    expect(lane?.wraps[0]?.to).toBe(now)
  })

  test('is there for whoever was logged in or had a call, and within the queues asked for', () => {
    const other = [state('idle', '08:00:00', null, { operator: 2 }), state('unreachable', '08:00:00', null, { operator: 3 }), state('ringing', '08:00:00', '08:00:20', { operator: 4 })]
    expect(lanesOf([...morning, ...other], day, now, []).map(lane => lane.operator)).toEqual([1, 4])
    const [only, more] = lanesOf([...morning, ...other], day, now, [2])
    expect([only?.operator, only?.queues.map(one => one.queue), only?.wraps.length, more]).toEqual([1, [2], 0, undefined])
  })

  test('names the people of the day once', () => {
    const anna = { id: 1, name: 'Anna' }
    const [lane] = lanesOf([state('busy', '09:00:00', '09:10:00', { people: [anna] }), state('busy', '10:00:00', '10:10:00', { people: [anna, { id: 2, name: 'Boris' }] })], day, now, [])
    expect(lane?.people).toEqual(['Anna', 'Boris'])
  })
})

describe('sums', () => {
  test('count what overlaps once', () => {
    const [lane] = lanesOf(morning, day, now, [])
    expect(lane && totalsOf(lane)).toEqual({ loggedIn: 9 * 3_600_000, paused: 40 * 60_000, ringing: 0, busy: 300_000, hold: 0, wrapUp: 60_000, unreachable: 0 })
    expect(union([])).toBe(0)
  })
})

describe('a moment', () => {
  test('tells what the device did, then pauses, then log-ins', () => {
    const [lane] = lanesOf(morning, day, now, [])
    if (!lane) throw new Error('no lane')
    const told = (text: string) => at(lane, ms(text)).map(bar => `${bar.kind} ${bar.queue ?? ''}`.trim())
    expect(told('10:01:00')).toEqual(['busy 1', 'logged_in 1', 'logged_in 2'])
    expect(told('10:05:00')).toEqual(['wrap_up 1', 'logged_in 1', 'logged_in 2'])
    expect(told('11:35:00')).toEqual(['paused 2', 'logged_in 1', 'logged_in 2'])
    expect(told('18:00:00')).toEqual(['logged_in 2'])
    expect(moments(lane).slice(0, 3)).toEqual([day.from, ms('09:00:00'), ms('10:00:00')])
  })
})

describe('the hours drawn', () => {
  test('do not reach back to a log-in that nobody saw', () => {
    const lanes = lanesOf([state('logged_in', '00:00:00', null, { queue: 1, estimated: true }), state('busy', '13:10:00', '16:20:00')], day, now, [])
    expect(hoursOf(lanes, day, now)).toEqual({ from: ms('13:00:00'), to: ms('17:00:00') })
  })

  test('are those in which somebody did something', () => {
    expect(hoursOf(lanesOf(morning, day, now, []), day, now)).toEqual({ from: ms('09:00:00'), to: now })
  })

  test('are at least four, and never beyond the day', () => {
    expect(hoursOf(lanesOf([state('busy', '23:10:00', '23:20:00')], day, day.to, []), day, day.to)).toEqual({ from: ms('20:00:00'), to: day.to })
    expect(hoursOf(lanesOf([state('busy', '00:10:00', '00:20:00')], day, day.to, []), day, day.to)).toEqual({ from: day.from, to: ms('04:00:00') })
    expect(hoursOf([], day, now)).toEqual(day)
  })
})
