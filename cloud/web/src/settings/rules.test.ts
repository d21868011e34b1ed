import { describe, expect, test } from 'vitest'
import type { ExtenRule } from '../api/types.ts'
import { added, draftOf, moved, rulesOf, same } from './rules.ts'

const rule = (pattern: string): ExtenRule => ({ pattern, kind: 'queue' })
const patterns = (drafts: ReturnType<typeof draftOf>) => rulesOf(drafts).map(one => one.pattern)

describe('rules in the making', () => {
  const drafts = draftOf(['a', 'b', 'c'].map(rule))

  test.each([
    [0, 1, ['b', 'a', 'c']], [2, -1, ['a', 'c', 'b']], [1, -1, ['b', 'a', 'c']], [0, -1, ['a', 'b', 'c']], [2, 1, ['a', 'b', 'c']],
  ])('number %d moved by %d gives %j', (at, by, want) => expect(patterns(moved(drafts, at, by))).toEqual(want))

  test('a new one comes last, under a key of its own', () => {
    const more = added(moved(drafts, 0, 1), rule('d'))
    expect(patterns(more)).toEqual(['b', 'a', 'c', 'd'])
    expect(new Set(more.map(one => one.key)).size).toBe(4)
    expect(patterns(added([], rule('a')))).toEqual(['a'])
  })

  test('are the same with an empty note and with none, and not in another order', () => {
    expect(same([rule('a')], [{ ...rule('a'), note: '' }])).toBe(true)
    expect(same([rule('a'), rule('b')], [rule('b'), rule('a')])).toBe(false)
  })
})
