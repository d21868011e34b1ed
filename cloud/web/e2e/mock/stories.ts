import type { Story } from '../../src/call/story.ts'

/** Stories of calls as the assembler tells them, for tests and for the portal without a cloud. */

export type At = (seconds: number) => string
export const clockFrom = (start: string | number): At => {
  const origin = typeof start === 'number' ? start : Date.parse(start)
  return seconds => new Date(origin + seconds * 1000).toISOString().replace('Z', '000Z')
}

type Made = (id: string, at: At) => Story

/** A caller, a queue, one operator: three legs. */
export const answered: Made = (id, at) => ({
  id, direction: 'inbound', pbx: ['office'], caller: '79161234501', dialled: '74950000700',
  start: at(0), answered: at(0.2), end: at(94.4), disposition: 'answered', hangup_by: 'caller', open: false,
  queues: [{ pbx: 'office', queue: '600', entered: at(6.1), left: at(14.3), result: 'answered', operator: '101' }],
  rings: [{ pbx: 'office', operator: '101', queue: '600', at: at(6.4), seconds: 7.9, result: 'answered' }],
  talks: [{ pbx: 'office', operator: '101', queue: '600', with: 'customer', from: at(14.3), to: at(94.4) }],
  holds: [], transfers: [], links: [],
  legs: [
    { pbx: 'office', kind: 'customer', number: '79161234501', endpoint: 'PJSIP/carrier', start: at(0), answered: at(0.2), end: at(94.4), cause: 16 },
    { pbx: 'office', kind: 'operator', number: '101', endpoint: 'PJSIP/101', start: at(6.4), answered: at(14.3), end: at(94.4), cause: 16 },
  ],
  ivr: [{ pbx: 'office', application: 'Playback', data: 'welcome', from: at(0.3), to: at(6) }],
})

/** Two queues, a hold, a consultation and an attended transfer. */
export const transferred: Made = (id, at) => ({
  id, direction: 'inbound', pbx: ['office'], caller: '79031112233', dialled: '74950000700',
  start: at(0), answered: at(0.3), end: at(312), disposition: 'answered', hangup_by: 'callee', open: false,
  queues: [
    { pbx: 'office', queue: '600', entered: at(11), left: at(41), result: 'timeout' },
    { pbx: 'office', queue: '601', entered: at(41.2), left: at(63), result: 'answered', operator: '104' },
  ],
  rings: [
    { pbx: 'office', operator: '101', queue: '600', at: at(11.3), seconds: 15, result: 'no_answer' },
    { pbx: 'office', operator: '102', queue: '600', at: at(11.3), seconds: 6.5, result: 'declined' },
    { pbx: 'office', operator: '101', queue: '600', at: at(27), seconds: 13.8, result: 'no_answer' },
    { pbx: 'office', operator: '104', queue: '601', at: at(41.5), seconds: 21.5, result: 'answered' },
    { pbx: 'office', operator: '107', at: at(152), seconds: 8, result: 'answered' },
  ],
  talks: [
    { pbx: 'office', operator: '104', queue: '601', with: 'customer', from: at(63), to: at(148) },
    { pbx: 'office', operator: '104', with: '107', from: at(160), to: at(187), consult: true },
    { pbx: 'office', operator: '107', with: 'customer', from: at(187.4), to: at(312) },
  ],
  holds: [{ pbx: 'office', by: '104', from: at(148), to: at(187.2) }],
  transfers: [{ kind: 'attended', by: '104', to: '107', at: at(187.2), result: 'completed' }],
  links: [],
  legs: [
    { pbx: 'office', kind: 'customer', number: '79031112233', endpoint: 'PJSIP/carrier', start: at(0), answered: at(0.3), end: at(312), cause: 16 },
    { pbx: 'office', kind: 'operator', number: '104', endpoint: 'PJSIP/104', start: at(41.5), answered: at(63), end: at(187.3), cause: 16 },
    { pbx: 'office', kind: 'operator', number: '107', endpoint: 'PJSIP/107', start: at(152), answered: at(160), end: at(312), cause: 16 },
  ],
  ivr: [
    { pbx: 'office', application: 'Background', data: 'menu', from: at(0.4), to: at(8.2) },
    { pbx: 'office', application: 'Read', data: 'choice', from: at(8.2), to: at(10.9) },
  ],
})

/** A call that hopped to a second PBX and was answered there; the first seconds were not seen. */
export const hopped: Made = (id, at) => ({
  id, direction: 'inbound', pbx: ['office', 'warehouse'], caller: '78123330011', dialled: '74950000700',
  start: at(0), answered: at(0.2), end: at(131), disposition: 'answered', hangup_by: 'caller', open: false,
  queues: [
    { pbx: 'office', queue: '600', entered: at(0.5), left: at(30.5), result: 'timeout', estimated: true },
    { pbx: 'warehouse', queue: '600', entered: at(32), left: at(47), result: 'answered', operator: '101' },
  ],
  rings: [
    { pbx: 'office', operator: '101', queue: '600', at: at(1), seconds: 29, result: 'no_answer', estimated: true },
    { pbx: 'warehouse', operator: '101', queue: '600', at: at(32.4), seconds: 14.6, result: 'answered' },
  ],
  talks: [{ pbx: 'warehouse', operator: '101', person: { id: 9, name: 'Igor Belov' }, queue: '600', with: 'customer', from: at(47), to: at(131) }],
  holds: [], transfers: [],
  links: [{ kind: 'header', confidence: 'certain', evidence: 'office-1795385490.12', at: at(32), from: 'office', from_uniqueid: '1795385490.13', to: 'warehouse', to_uniqueid: '1795385491.4' }],
  legs: [
    { pbx: 'office', kind: 'customer', number: '78123330011', endpoint: 'PJSIP/carrier', uniqueid: '1795385490.12', start: at(0), answered: at(0.2), end: at(131), cause: 16, attributes: { AccountCode: 'gold', CRM_ID: '4711', Language: 'ru', 'CHANNEL(pjsip,call-id)': '5f2b0c1e9d3a4c1e-8f' } },
    { pbx: 'office', kind: 'trunk', number: '600', endpoint: 'PJSIP/to-warehouse', start: at(31), answered: at(31.5), end: at(131), cause: 16 },
    { pbx: 'warehouse', kind: 'operator', number: '101', endpoint: 'PJSIP/101', start: at(32.4), answered: at(47), end: at(131), cause: 16 },
  ],
  ivr: [],
})

/** Gave up waiting. */
export const abandoned: Made = (id, at) => ({
  ...answered(id, at), end: at(52), disposition: 'abandoned',
  queues: [{ pbx: 'office', queue: '600', entered: at(6.1), left: at(52), result: 'abandoned' }],
  rings: ['101', '102', '103'].map(operator => ({ pbx: 'office', operator, queue: '600', at: at(6.5), seconds: 45.4, result: 'no_answer' })),
  talks: [],
  legs: [{ pbx: 'office', kind: 'customer', number: '79161234501', endpoint: 'PJSIP/carrier', start: at(0), answered: at(0.2), end: at(52), cause: 16 }],
})

/** One of ours calls out. */
export const outbound: Made = (id, at) => ({
  id, direction: 'outbound', pbx: ['office'], caller: '103', dialled: '79265550102',
  start: at(0), answered: null, end: at(146), disposition: 'answered', hangup_by: 'callee', open: false,
  queues: [], rings: [], holds: [], transfers: [], links: [], ivr: [],
  talks: [{ pbx: 'office', operator: '103', with: 'customer', from: at(18), to: at(146) }],
  legs: [
    { pbx: 'office', kind: 'operator', number: '103', endpoint: 'PJSIP/103', start: at(0), answered: null, end: at(146), cause: 16 },
    { pbx: 'office', kind: 'customer', number: '79265550102', endpoint: 'PJSIP/carrier', start: at(0.8), answered: at(18), end: at(146), cause: 16 },
  ],
})

/** Two of ours. */
export const internal: Made = (id, at) => ({
  id, direction: 'internal', pbx: ['office'], caller: '102', dialled: '105',
  start: at(0), answered: at(5), end: at(65), disposition: 'answered', hangup_by: 'caller', open: false,
  queues: [], holds: [], transfers: [], links: [], ivr: [], legs: [],
  rings: [{ pbx: 'office', operator: '105', at: at(0.3), seconds: 4.7, result: 'answered' }],
  talks: [{ pbx: 'office', operator: '105', with: '102', from: at(5), to: at(65) }],
})

/** A menu with keys, a hop that only numbers speak for, parking, a hop back, and a conference. */
export const wandered: Made = (id, at) => ({
  id, direction: 'inbound', pbx: ['office', 'warehouse'], caller: '79161110022', dialled: '74950000700',
  start: at(0), answered: at(0.2), end: at(240), disposition: 'answered', hangup_by: 'caller', open: false,
  queues: [{ pbx: 'office', queue: '600', entered: at(14), left: at(22), result: 'answered', operator: '101' }],
  rings: [
    { pbx: 'office', operator: '101', queue: '600', at: at(14.2), seconds: 7.8, result: 'answered' },
    { pbx: 'warehouse', operator: '101', at: at(106), seconds: 9, result: 'answered' },
  ],
  talks: [
    { pbx: 'office', operator: '101', queue: '600', with: 'customer', from: at(22), to: at(60) },
    { pbx: 'office', operator: '103', with: 'customer', from: at(84), to: at(104) },
    { pbx: 'warehouse', operator: '101', with: 'customer', from: at(115), to: at(160) },
    { pbx: 'office', operator: '104', with: 'conference:800', from: at(170), to: at(240), estimated: true },
  ],
  holds: [],
  parkings: [{ pbx: 'office', space: '701', by: '101', from: at(60), to: at(84), result: 'retrieved', retriever: '103' }],
  transfers: [
    { pbx: 'office', kind: 'blind', by: '103', to: '101', at: at(104), result: 'completed' },
    { pbx: 'warehouse', kind: 'blind', by: '101', to: '800', at: at(160), result: 'completed' },
  ],
  links: [
    { kind: 'numbers', confidence: 'likely', evidence: '101', at: at(105), from: 'office', to: 'warehouse' },
    { kind: 'call-id', confidence: 'certain', evidence: '7c1e3f20-55aa@10.0.0.2', at: at(162), from: 'warehouse', to: 'office' },
  ],
  legs: [
    { pbx: 'office', kind: 'customer', number: '79161110022', endpoint: 'PJSIP/carrier', start: at(0), answered: at(0.2), end: at(240), cause: 16 },
    { pbx: 'office', kind: 'operator', number: '101', endpoint: 'PJSIP/101', start: at(14.2), answered: at(22), end: at(60.2), cause: 16 },
    { pbx: 'warehouse', kind: 'operator', number: '101', endpoint: 'PJSIP/101', start: at(106), answered: at(115), end: at(160.2), cause: 16 },
  ],
  ivr: [
    { pbx: 'office', application: 'BackGround', data: 'main-menu', from: at(0.4), to: at(8) },
    { pbx: 'office', application: 'Digit', data: '2', from: at(6), to: at(6) },
    { pbx: 'office', application: 'Read', data: 'contract', from: at(8), to: at(13.8) },
    { pbx: 'office', application: 'Digit', data: '4', from: at(10), to: at(10) },
    { pbx: 'office', application: 'Digit', data: '7', from: at(11.5), to: at(11.5) },
    { pbx: 'office', application: 'Digit', data: '#', from: at(13), to: at(13) },
  ],
})

/** 64 channels and nobody answers: three queues ring 21 operators again and again for six minutes. */
export const endless: Made = (id, at) => {
  const rings: NonNullable<Story['rings']> = []
  const legs: NonNullable<Story['legs']> = [
    { pbx: 'office', kind: 'customer', number: '79857770064', endpoint: 'PJSIP/carrier', start: at(0), answered: at(0.2), end: at(362), cause: 16 },
  ]
  for (let attempt = 0; attempt < 63; attempt++) {
    const operator = String(101 + (attempt % 21))
    const begin = 8 + attempt * 5.6
    rings.push({ pbx: 'office', operator, queue: String(600 + Math.floor(attempt / 21)), at: at(begin), seconds: 5.2, result: attempt % 4 === 0 ? 'busy' : 'no_answer' })
    legs.push({ pbx: 'office', kind: 'operator', number: operator, endpoint: `PJSIP/${operator}`, start: at(begin), end: at(begin + 5.2), cause: 19 })
  }
  return {
    id, direction: 'inbound', pbx: ['office'], caller: '79857770064', dialled: '74950000700',
    start: at(0), answered: at(0.2), end: at(362), disposition: 'abandoned', hangup_by: 'caller', open: false,
    queues: [
      { pbx: 'office', queue: '600', entered: at(7.5), left: at(125), result: 'timeout' },
      { pbx: 'office', queue: '601', entered: at(125.2), left: at(243), result: 'timeout' },
      { pbx: 'office', queue: '602', entered: at(243.3), left: at(362), result: 'abandoned' },
    ],
    rings, talks: [], holds: [], transfers: [], links: [], legs,
    ivr: [{ pbx: 'office', application: 'Playback', data: 'welcome', from: at(0.3), to: at(7.4) }],
  }
}
