import { expect, test } from 'vitest'
import { byDefault, exampleShare, inForceNow, variants } from './policies.ts'

test('the example comes to the figures ICMI gives', () => {
  expect(variants.map(one => (exampleShare(one) * 100).toFixed(1))).toEqual(['83.0', '86.0', '81.1', '82.7', '82.1'])
})

test('of several policies the latest of the queue counts, else of all, else the built-in one', () => {
  const of = (id: number, queue: number | null, from: string | null) => ({ ...byDefault, id, queue, from })
  const policies = [of(1, null, null), of(2, null, '2026-03-01T00:00:00Z'), of(3, 7, '2026-05-01T00:00:00Z'), of(4, 7, '2026-06-01T00:00:00Z')]
  const at = (queue: number | null, day: string) => inForceNow(policies, queue, Date.parse(day)).id
  expect([at(7, '2026-07-01'), at(7, '2026-05-15'), at(7, '2026-04-01'), at(7, '2026-01-01'), at(8, '2026-07-01'), at(null, '2026-01-01')]).toEqual([4, 3, 2, 1, 2, 1])
  expect(inForceNow([], 7, 0).id).toBe(0)
})
