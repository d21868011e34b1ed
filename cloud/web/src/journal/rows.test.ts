import { describe, expect, test } from 'vitest'
import { row } from '../../e2e/mock/rows.ts'
import type { CallRow } from '../api/types.ts'
import { matches, movedBy, rowsOf, takeChanges, takeFirstPage, withDays, type Item, type Pages } from './rows.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 12, minute)).toISOString()
const ids = (pages: Pages) => rowsOf(pages).map(r => r.id)
const loaded = (...pages: [CallRow[], string | null][]): Pages => ({ pages: pages.map(([calls, next]) => ({ calls, next })), pageParams: pages.map(() => undefined) })

describe('a fresh first page', () => {
  const pages = loaded([[row('d', at(4)), row('c', at(3))], 'after c'], [[row('b', at(2)), row('a', at(1))], null])

  test('brings new calls and loses none that they pushed down', () => {
    const taken = takeFirstPage(pages, { calls: [row('f', at(6)), row('e', at(5))], next: 'after e' })
    expect(ids(taken)).toEqual(['f', 'e', 'd', 'c', 'b', 'a'])
    expect(taken.pages[0]?.next).toBe('after c')
  })

  test('shows what changed in the calls it has', () => {
    const taken = takeFirstPage(pages, { calls: [row('d', at(4), { open: false, talk_ms: 5 }), row('c', at(3))], next: 'after c' })
    expect(rowsOf(taken)[0]?.talk_ms).toBe(5)
    expect(ids(taken)).toEqual(['d', 'c', 'b', 'a'])
  })

  test('into an empty list is the list', () => {
    expect(ids(takeFirstPage({ pages: [], pageParams: [] }, { calls: [row('a', at(1))], next: null }))).toEqual(['a'])
  })
})

describe('changes', () => {
  const pages = loaded([[row('b', at(2), { open: true, disposition: 'unknown' }), row('a', at(1))], null])

  test('replace a row, drop one that is gone and one that no longer fits the filter', () => {
    expect(ids(takeChanges(pages, new Map([['a', null]]), {}))).toEqual(['b'])
    expect(ids(takeChanges(pages, new Map([['b', row('b', at(2), { disposition: 'answered' })]]), { disposition: ['abandoned'] }))).toEqual(['a'])
    const kept = takeChanges(pages, new Map([['b', row('b', at(2), { talk_ms: 7 })]]), { disposition: ['answered'] })
    expect(rowsOf(kept)[0]?.talk_ms).toBe(7)
  })

  test.each([
    [{ queue: [2, 1] }, true], [{ queue: [2] }, false], [{ operator: [1] }, true], [{ person: [1] }, false], [{ pbx: [9] }, false], [{ number: '1234' }, true], [{ number: '999' }, false],
    [{ direction: ['inbound' as const] }, true], [{ from: at(2) }, false], [{ to: at(1) }, false], [{ from: at(1), to: at(2) }, true],
  ])('fit %j: %s', (filter, fits) => expect(matches(row('a', at(1)), filter)).toBe(fits))
})

test('calls are listed once, newest first, with their days as the zone sees them', () => {
  const pages = loaded([[row('b', '2026-11-23T20:59:00Z'), row('c', '2026-11-23T21:01:00Z')], 'x'], [[row('b', '2026-11-23T20:59:00Z')], null])
  expect(withDays(rowsOf(pages), 'Europe/Moscow', true).map(item => item.key)).toEqual(['2026-11-24', 'c', '2026-11-23', 'b'])
  expect(withDays(rowsOf(pages), 'UTC', true).map(item => item.key)).toEqual(['2026-11-23', 'c', 'b'])
  expect(withDays(rowsOf(pages), 'UTC', false).map(item => item.key)).toEqual(['c', 'b'])
})

describe('what one looks at', () => {
  const list = (...keys: string[]): Item[] => keys.map(key => (key.startsWith('2026') ? { key, day: key } : { key, row: row(key, at(1)) }))
  const height = (item: Item) => ('day' in item ? 30 : 40)
  const old = list('2026-11-23', 'd', 'c', 'b', 'a')

  test.each([
    ['a call above it', list('2026-11-23', 'e', 'd', 'c', 'b', 'a'), { moved: 40, above: 1 }],
    ['a call below it', list('2026-11-23', 'd', 'c', 'b', 'x', 'a'), { moved: 0, above: 0 }],
    ['a new day', list('2026-11-24', 'e', '2026-11-23', 'd', 'c', 'b', 'a'), { moved: 70, above: 1 }],
    ['a call that is gone', list('2026-11-23', 'c', 'b', 'a'), { moved: -40, above: 0 }],
    ['itself gone', list('2026-11-23', 'e', 'd', 'b', 'a'), { moved: 0, above: 1 }],
    ['everything gone', list('x', 'y'), { moved: 0, above: 0 }],
  ])('is moved by %s', (_, items, want) => expect(movedBy(old, items, 80, height)).toEqual(want))
})
