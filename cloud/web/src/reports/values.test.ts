import { describe, expect, test } from 'vitest'
import { makeFormats } from '../format/intl.ts'
import type { Column, Table } from './contract.ts'
import { bucketFormats, changeOf, keyText, sorted, valueText } from './values.ts'

const formats = makeFormats('en', 'Europe/Moscow')
const column = (unit: Column['unit'], better: number): Column => ({ id: 'x', unit, better, drill: true })

test.each([
  ['count', 12345, '12,345'], ['ms', 83_000, '1:23'], ['ms', 3_723_000, '1:02:03'], ['share', 0.8123, '81 %'], ['share', 0.051, '5.1 %'], ['share', 0.05, '5 %'], ['ratio', 1.234, '1.23'], ['count', null, '–'], ['time', 0, '–'],
] as const)('%s %d is written %s', (unit, value, text) => expect(valueText(unit, value, formats)).toBe(text))

describe('a change', () => {
  test('of a share is in points, and good when more is good', () => expect(changeOf(column('share', 1), 0.85, 0.8, formats)).toEqual({ text: '+5.0 pts', up: true, good: true }))
  test('of a time is in per cent, and good when less is good', () => expect(changeOf(column('ms', -1), 9000, 10_000, formats)).toEqual({ text: '−10 %', up: false, good: true }))
  test('of what is neither good nor bad is not judged', () => expect(changeOf(column('count', 0), 12, 10, formats)?.good).toBeNull())
  test('from nothing is told in figures', () => expect(changeOf(column('count', 1), 3, 0, formats)?.text).toBe('+3'))
  test('needs two figures', () => expect(changeOf(column('count', 1), null, 3, formats)).toBeNull())
})

const table: Table = {
  report: 'queues', dims: ['queue'], columns: [column('count', 0)], found: 3, totals: [6], policies: [], zones: ['Asia/Vladivostok'], wall: false, notes: [],
  rows: [{ keys: [{ id: 1, label: 'Sales' }], values: [3] }, { keys: [{ id: 2, label: 'Support' }], values: [null] }, { keys: [{ id: 3, label: 'Night' }], values: [5] }],
}

test('rows without a figure come last, up and down', () => {
  expect(sorted(table, 'x', formats.collator)).toEqual([0, 2, 1])
  expect(sorted(table, '-x', formats.collator)).toEqual([2, 0, 1])
  expect(sorted(table, 'queue', formats.collator)).toEqual([2, 0, 1])
  expect(sorted(table, 'other', formats.collator)).toEqual([0, 1, 2])
})

test('a bucket is named by the clock it was cut by', () => {
  const midnight = Date.parse('2026-11-22T14:00:00Z')
  expect(keyText('day', { id: midnight }, bucketFormats(table, formats))).toBe('23 Nov')
  expect(keyText('interval', { id: Date.parse('2026-11-23T09:30:00Z') }, bucketFormats({ ...table, wall: true }, formats))).toBe('23 Nov, 09:30')
})
