import { expect, test } from 'vitest'
import type { TrunkPair } from '../api/types.ts'
import { byNeed } from './pairs.ts'

const pair = (endpoint: string, more: Partial<TrunkPair> = {}): TrunkPair => ({ pbx: 1, endpoint, peer: 2, peer_endpoint: 'SIP/office', state: 'proposed', note: '', made: null, certain: 0, likely: 0, possible: 0, last_seen: null, ...more })

test('pairs are asked about with the surest evidence first', () => {
  const found = byNeed([pair('PJSIP/few', { certain: 1 }), pair('PJSIP/guess', { likely: 900, possible: 3 }), pair('PJSIP/sure', { certain: 40 }), pair('PJSIP/ours', { state: 'confirmed' }), pair('PJSIP/not', { state: 'rejected', certain: 7 })])
  expect(found.proposed.map(one => one.endpoint)).toEqual(['PJSIP/sure', 'PJSIP/few', 'PJSIP/guess'])
  expect([found.confirmed, found.rejected].map(list => list.map(one => one.endpoint))).toEqual([['PJSIP/ours'], ['PJSIP/not']])
})
