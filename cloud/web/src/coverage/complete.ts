import type { PBXCoverage } from '../api/types.ts'

/* How complete a period is over several PBXs: pure. */

export interface Complete {
  /** Of the time in which the PBXs are known, how much was heard; null where none of it lies in the period. */
  share: number | null
  /** Whether anything is missing, be it events of a single moment. */
  gaps: boolean
  /** PBXs of which something is missing, the least complete first. */
  worst: PBXCoverage[]
}

export function completeOf(pbxs: PBXCoverage[]): Complete {
  const seconds = pbxs.reduce((sum, one) => sum + one.seconds, 0)
  const covered = pbxs.reduce((sum, one) => sum + one.covered_seconds, 0)
  const worst = pbxs.filter(one => one.intervals > 0).sort((a, b) => (a.share ?? 1) - (b.share ?? 1) || a.name.localeCompare(b.name))
  return { share: seconds > 0 ? covered / seconds : null, gaps: worst.length > 0, worst }
}

/**
 * A share in percent with the digits it deserves. What is not whole is never shown as 100, and what is not nothing never
 * as 0: both would be read as "all" and "none".
 */
export function percentOf(share: number): { value: number; digits: number } {
  const percent = share * 100
  if (percent >= 100) return { value: 100, digits: 0 }
  if (percent >= 99) return { value: Math.min(Math.floor(percent * 100) / 100, 99.99), digits: 2 }
  if (percent <= 0) return { value: 0, digits: 0 }
  return { value: Math.max(Math.floor(percent * 10) / 10, 0.1), digits: 1 }
}
