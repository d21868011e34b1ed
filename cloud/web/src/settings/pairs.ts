import type { TrunkPair } from '../api/types.ts'

/** What people are asked about comes first, and of that what was seen most; what is settled follows. */
export function byNeed(pairs: TrunkPair[]): { proposed: TrunkPair[]; confirmed: TrunkPair[]; rejected: TrunkPair[] } {
  const sorted = [...pairs].sort((a, b) => seen(b) - seen(a) || keyOf(a).localeCompare(keyOf(b)))
  const of = (state: TrunkPair['state']) => sorted.filter(one => one.state === state)
  return { proposed: of('proposed'), confirmed: of('confirmed'), rejected: of('rejected') }
}

/** Calls that were joined for certain weigh more than any number of others. */
const seen = (pair: TrunkPair) => pair.certain * 1e6 + pair.likely * 1e3 + pair.possible

export const keyOf = (pair: Pick<TrunkPair, 'pbx' | 'endpoint' | 'peer' | 'peer_endpoint'>) => `${pair.pbx} ${pair.endpoint} ${pair.peer} ${pair.peer_endpoint}`
