import { describe, expect, test } from 'vitest'
import type { PBXCoverage } from '../api/types.ts'
import { completeOf, percentOf } from './complete.ts'

const pbx = (name: string, seconds: number, covered: number, intervals: number): PBXCoverage => ({ id: 1, name, since: null, seconds, covered_seconds: covered, share: seconds > 0 ? covered / seconds : null, events_lost: 0, intervals, missing: [] })

describe('a period', () => {
  test('is as complete as its PBXs together, the least complete first', () => {
    const found = completeOf([pbx('office', 1000, 1000, 0), pbx('warehouse', 1000, 900, 2), pbx('kazan', 1000, 800, 1)])
    expect([found.share, found.gaps, found.worst.map(one => one.name)]).toEqual([0.9, true, ['kazan', 'warehouse']])
  })

  test('has gaps where events of a single moment are missing', () => expect(completeOf([pbx('office', 1000, 1000, 1)])).toMatchObject({ share: 1, gaps: true }))

  test('of which no PBX was known has nothing to say', () => expect(completeOf([pbx('office', 0, 0, 0)])).toEqual({ share: null, gaps: false, worst: [] }))
})

test.each([[1, 100, 0], [0.99999, 99.99, 2], [0.99982, 99.98, 2], [0.991, 99.1, 2], [0.9876, 98.7, 1], [0.0001, 0.1, 1], [0, 0, 0]])('%d is %d %% with %d digits', (share, value, digits) => expect(percentOf(share)).toEqual({ value, digits }))
