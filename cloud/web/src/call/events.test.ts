import { describe, expect, test } from 'vitest'
import type { RawEvent } from '../api/types.ts'
import { countNames, filterEvents, nearest, summary } from './events.ts'

const event = (seq: number, name: string, fields: [string, string][]): RawEvent => ({ seq, at: new Date(Date.UTC(2026, 10, 23, 12, 0, seq)).toISOString(), pbx: 1, name, fields })
const events = [
  event(1, 'Newchannel', [['Channel', 'PJSIP/carrier-1'], ['CallerIDNum', '79161234501']]),
  event(2, 'DialBegin', [['Channel', 'PJSIP/carrier-1'], ['DestChannel', 'PJSIP/101-2'], ['DialString', '101']]),
  event(3, 'Hangup', [['Channel', 'PJSIP/101-2'], ['Cause', '16'], ['Cause-txt', 'Normal Clearing']]),
  event(5, 'Hangup', [['Channel', 'PJSIP/carrier-1'], ['Cause', '16'], ['Queue', '<unknown>']]),
]
const found = (name: string | undefined, text: string) => filterEvents(events, { name, text }).map(e => e.seq)

describe('events are found', () => {
  test.each([
    [undefined, '', [1, 2, 3, 5]], ['Hangup', '', [3, 5]], [undefined, 'pjsip/101', [2, 3]], [undefined, 'carrier dial', [2]], ['Hangup', 'normal', [3]],
    [undefined, 'Cause: 16', [3, 5]], [undefined, 'dialstring:101', [2]], [undefined, 'cause: 101', []],
  ])('by name %s and text %s', (name, text, want) => expect(found(name, text)).toEqual(want))

  test('by the moment they are nearest to', () => {
    const at = (seconds: number) => nearest(events, Date.UTC(2026, 10, 23, 12, 0, 0) + seconds * 1000)
    expect([at(0), at(2.4), at(4.6), at(99)]).toEqual([0, 1, 3, 3])
    expect(nearest([], 0)).toBe(-1)
  })
})

test('names are counted, most frequent first', () => {
  expect(countNames(events)).toEqual([{ name: 'Hangup', count: 2 }, { name: 'DialBegin', count: 1 }, { name: 'Newchannel', count: 1 }])
})

test('a line says what tells most and leaves out what is not known', () => {
  expect(summary(events[1]!)).toBe('Channel: PJSIP/carrier-1  DestChannel: PJSIP/101-2')
  expect(summary(events[3]!)).toBe('Channel: PJSIP/carrier-1')
})
