import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../api/types.ts'
import { contradicts, counts, wanted } from './endpoints.ts'

const endpoint = (name: string, more: Partial<Endpoint> = {}): Endpoint => ({ pbx: 1, station: 1, endpoint: name, class: 'device', learned: 'device', signs: [], number: '', name: '', first_seen: null, last_seen: null, correction: null, ...more })
const correction = { decided: 'device' as const, number: '', note: 'the gate', made: '2026-11-23T09:00:00Z' }
const all = [
  endpoint('PJSIP/101', { number: '101', name: 'Anna' }),
  endpoint('PJSIP/gate', { learned: 'trunk', correction }),
  endpoint('PJSIP/carrier', { class: 'trunk', learned: 'trunk', station: 2 }),
  endpoint('SIP/new', { class: 'unknown', learned: 'unknown', station: 2 }),
]

describe('endpoints', () => {
  test.each([
    [{}, ['PJSIP/101', 'PJSIP/gate', 'PJSIP/carrier', 'SIP/new']],
    [{ find: 'pjsip anna' }, ['PJSIP/101']],
    [{ find: 'GATE' }, ['PJSIP/gate']],
    [{ station: 2 }, ['PJSIP/carrier', 'SIP/new']],
    [{ class: 'unknown' as const }, ['SIP/new']],
    [{ corrected: true }, ['PJSIP/gate']],
  ])('asked for by %j are %j', (search, names) => expect(wanted(all, search).map(one => one.endpoint)).toEqual(names))

  test('are counted by what they are taken for, within the rest of what is asked', () => {
    expect(counts(all, { class: 'trunk' })).toEqual({ all: 4, device: 2, trunk: 1, unknown: 1 })
    expect(counts(all, { station: 2 })).toEqual({ all: 2, device: 0, trunk: 1, unknown: 1 })
  })

  test('contradict their signs only where somebody said otherwise', () => {
    expect(all.map(contradicts)).toEqual([false, true, false, false])
    expect(contradicts(endpoint('PJSIP/x', { learned: 'unknown', correction }))).toBe(false)
  })
})
