import { expect, test } from 'vitest'
import { runs, ticks } from './scale.ts'

test.each([
  [100, 'count', [0, 20, 40, 60, 80, 100]], [7, 'count', [0, 2, 4, 6, 8]], [1, 'share', [0, 0.2, 0.4, 0.6, 0.8, 1]], [95_000, 'ms', [0, 30_000, 60_000, 90_000, 120_000]], [0, 'count', [0]],
] as const)('an axis up to %d of %s has lines at %j', (most, unit, want) => expect(ticks(most, unit).map(n => Math.round(n * 1000) / 1000)).toEqual(want))

test('a gap is no line through nothing', () => {
  expect(runs([{ x: 0, y: 1 }, { x: 1, y: null }, { x: 2, y: 0 }, { x: 3, y: 2 }]).map(run => run.map(p => p.x))).toEqual([[0], [2, 3]])
})
