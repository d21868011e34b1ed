import type { ExtenRule } from '../api/types.ts'

/* A station's rules while somebody edits them. The first that matches decides, so their order is what matters. */

/** A rule with a key that stays with it while it moves. */
export interface Draft { key: number; rule: ExtenRule }

export const draftOf = (rules: ExtenRule[]): Draft[] => rules.map((rule, key) => ({ key, rule }))
export const rulesOf = (drafts: Draft[]): ExtenRule[] => drafts.map(({ rule }) => rule)

export function moved(drafts: Draft[], at: number, by: number): Draft[] {
  const to = at + by
  const one = drafts[at]
  if (!one || to < 0 || to >= drafts.length) return drafts
  const rest = drafts.filter((_, i) => i !== at)
  return [...rest.slice(0, to), one, ...rest.slice(to)]
}

export function added(drafts: Draft[], rule: ExtenRule): Draft[] {
  return [...drafts, { key: Math.max(-1, ...drafts.map(one => one.key)) + 1, rule }]
}

export function same(a: ExtenRule[], b: ExtenRule[]): boolean {
  const text = (rules: ExtenRule[]) => JSON.stringify(rules.map(one => [one.pattern, one.kind, one.note ?? '']))
  return text(a) === text(b)
}
