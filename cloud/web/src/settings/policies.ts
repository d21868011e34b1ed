import { c, t } from 'ttag'
import type { Policy } from '../api/types.ts'

/* The service level as people read it. Formulas and figures are those of docs/settings.md. */

export type Variant = 1 | 2 | 3 | 4 | 5
export const variants: Variant[] = [1, 2, 3, 4, 5]

/** What holds where nobody decided anything. */
export const byDefault: Policy = { id: 0, queue: null, from: null, threshold: 20, short: 5, variant: 3, shorts: 0, target: 0.8, call_back: 3600 }

const start = (one: Policy) => (one.from === null ? Number.NEGATIVE_INFINITY : Date.parse(one.from))

/** The policy by which a queue counts at a moment: its own, else that of all, else the built-in one. */
export function inForceNow(policies: Policy[], queue: number | null, at: number): Policy {
  const latest = (of: number | null) => policies.filter(one => one.queue === of && start(one) <= at).sort((a, b) => start(b) - start(a))[0]
  return (queue === null ? undefined : latest(queue)) ?? latest(null) ?? byDefault
}

/** 80/20 SL3: what is aimed at, in how many seconds, by which formula. */
export function policyShort({ target, threshold, variant }: Policy): string {
  const aim = Math.round(target * 100)
  const name = `SL${variant}`
  return target > 0 ? t`${aim} % in ${threshold} s, ${name}` : t`${threshold} s, ${name}`
}

export function variantName(variant: number): string {
  switch (variant) {
    case 1: return c('variant').t`Who gave up in time counts as served`
    case 2: return c('variant').t`Answered calls only`
    case 3: return c('variant').t`Strict`
    case 4: return c('variant').t`Who gave up in time does not count`
    default: return c('variant').t`Short abandons count as served`
  }
}

/** The formula with the policy's own seconds. */
export function formula({ variant, threshold, short }: Pick<Policy, 'variant' | 'threshold' | 'short'>): string {
  switch (variant) {
    case 1: return t`(answered in ${threshold} s + abandoned in ${threshold} s) ÷ (answered + abandoned)`
    case 2: return t`answered in ${threshold} s ÷ answered`
    case 3: return t`answered in ${threshold} s ÷ (answered + abandoned)`
    case 4: return t`answered in ${threshold} s ÷ (answered + abandoned after ${threshold} s)`
    default: return t`(answered in ${threshold} s + abandoned in ${short} s) ÷ (answered + abandoned)`
  }
}

export function variantText(variant: number): string {
  switch (variant) {
    case 1: return c('variant').t`Kind to a queue whose callers give up early: hanging up in time looks like service.`
    case 2: return c('variant').t`Says nothing of who gave up: the worse the queue, the better it can look. Only for comparing with systems that count so.`
    case 3: return c('variant').t`Everybody who waited is in it. The strictest, and the one to begin with.`
    case 4: return c('variant').t`Who gave up before the threshold is left out: nobody could have answered in time.`
    default: return c('variant').t`Only who hung up at once, by mistake or on second thoughts, is counted as served.`
  }
}

/** A day of ICMI's example: what one and the same day comes to by each formula. */
export const example = { answered: 1000, abandoned: 60, answeredInTime: 860, abandonedInTime: 20, abandonedShort: 10 }

export function exampleShare(variant: Variant): number {
  const { answered, abandoned, answeredInTime, abandonedInTime, abandonedShort } = example
  switch (variant) {
    case 1: return (answeredInTime + abandonedInTime) / (answered + abandoned)
    case 2: return answeredInTime / answered
    case 3: return answeredInTime / (answered + abandoned)
    case 4: return answeredInTime / (answered + abandoned - abandonedInTime)
    case 5: return (answeredInTime + abandonedShort) / (answered + abandoned)
  }
}
