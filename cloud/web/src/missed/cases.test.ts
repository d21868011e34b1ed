import { expect, test } from 'vitest'
import type { Table } from '../reports/contract.ts'
import { casesOf } from './cases.ts'

test('cases to call back come first, the oldest on top, and closed ones last', () => {
  const column = (id: string, unit: 'text' | 'time' | 'count') => ({ id, unit, better: 0, drill: false })
  const row = (id: number, state: string, first: number) => ({ keys: [{ id, kind: 'case', label: `7${id}` }], values: [null, first, 2], texts: [state, '', ''] })
  const table: Table = {
    report: 'missed', dims: ['case'], columns: [column('case_state', 'text'), column('first_missed', 'time'), column('tries', 'count')], found: 4, totals: [], policies: [], zones: [], wall: false, notes: [],
    rows: [row(1, 'called_back', 50), row(2, 'open', 40), row(3, 'expired', 10), row(4, 'open', 30)],
  }
  expect(casesOf(table).map(one => [one.number, one.closed, one.tries])).toEqual([['74', false, 2], ['72', false, 2], ['73', false, 2], ['71', true, 2]])
})
