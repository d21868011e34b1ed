import { describe, expect, test } from 'vitest'
import * as stories from '../../e2e/mock/stories.ts'
import { activeAt, joinClose, layout, slim, tall, ticks, type Layout } from './layout.ts'

const start = '2026-11-22T22:11:16.772Z'
const at = stories.clockFrom(start)
const settled = { now: 0, unfolded: false }
const names = (drawn: Layout) => drawn.lanes.map(lane => `${lane.kind} ${lane.name}`.trim())
const kinds = (drawn: Layout, name: string) => drawn.lanes.find(lane => lane.name === name)?.bars.map(bar => bar.kind)

describe('lanes', () => {
  test('stand in the order of the story: outside, applications, queues, ours', () => {
    expect(names(layout(stories.answered('1', at), settled))).toEqual(['outside 79161234501', 'ivr', 'queue 600', 'operator 101'])
  })

  test('of those who spoke come before those who only rang', () => {
    const drawn = layout(stories.transferred('1', at), settled)
    expect(names(drawn)).toEqual(['outside 79031112233', 'ivr', 'queue 600', 'queue 601', 'operator 104', 'operator 107', 'operator 101', 'operator 102'])
    expect(drawn.lanes.filter(lane => lane.thin).map(lane => lane.name)).toEqual(['101', '102'])
  })

  test('collect all rings of one operator, and tell equal numbers of two PBXs apart', () => {
    const drawn = layout(stories.transferred('1', at), settled)
    expect(drawn.lanes.find(lane => lane.name === '101')?.rings).toBe(2)
    const hop = layout(stories.hopped('1', at), settled)
    expect(hop.lanes.filter(lane => lane.name === '101').map(lane => lane.pbx)).toEqual(['warehouse', 'office'])
  })

  test('follow each other without holes, thin ones low', () => {
    const drawn = layout(stories.transferred('1', at), settled)
    let top = 0
    for (const lane of drawn.lanes) {
      expect(lane.top).toBe(top)
      expect(lane.height).toBe(lane.thin ? slim : tall)
      top += lane.height
    }
    expect(drawn.height).toBe(top)
  })

  test('of an internal call begin with who called', () => {
    const drawn = layout(stories.internal('1', at), settled)
    expect(names(drawn)).toEqual(['outside 102', 'operator 105'])
    expect(kinds(drawn, '102')).toEqual(['presence', 'talk'])
    expect(kinds(drawn, '105')).toEqual(['ring', 'talk'])
  })

  test('of an outbound call let the outside party ring', () => {
    const drawn = layout(stories.outbound('1', at), settled)
    expect(names(drawn)).toEqual(['outside 79265550102', 'operator 103'])
    expect(kinds(drawn, '79265550102')).toEqual(['presence', 'ring', 'talk'])
  })
})

describe('64 legs', () => {
  const story = stories.endless('1', at)

  test('fold into one lane that says how much it stands for', () => {
    const drawn = layout(story, settled)
    expect(names(drawn)).toEqual(['outside 79857770064', 'ivr', 'queue 600', 'queue 601', 'queue 602', 'folded'])
    const fold = drawn.lanes.at(-1)
    expect([fold?.members?.length, fold?.rings, drawn.foldable]).toEqual([21, 63, 21])
    expect(drawn.height).toBeLessThan(240)
  })

  test('unfold into one thin lane for each operator', () => {
    const drawn = layout(story, { ...settled, unfolded: true })
    const rang = drawn.lanes.filter(lane => lane.thin)
    expect(rang).toHaveLength(21)
    expect(rang.every(lane => lane.rings === 3)).toBe(true)
    expect(drawn.height).toBe(5 * tall + 21 * slim)
  })

  test('lose no ring when those too close to see are joined', () => {
    const drawn = layout(story, { ...settled, closest: 2000 })
    const rings = drawn.lanes.at(-1)?.bars ?? []
    expect(rings.length).toBeLessThan(63)
    expect(rings.reduce((sum, bar) => sum + (bar.count ?? 1), 0)).toBe(63)
  })
})

describe('what is drawn', () => {
  test('consultations differ from talk, holds lie on both sides, a transfer joins two lanes', () => {
    const drawn = layout(stories.transferred('1', at), settled)
    expect(kinds(drawn, '104')).toEqual(['ring', 'talk', 'consult', 'hold'])
    expect(kinds(drawn, '107')).toEqual(['ring', 'talk', 'consult'])
    expect(kinds(drawn, '79031112233')).toEqual(['presence', 'talk', 'talk', 'hold'])
    expect(drawn.arrows).toEqual([{ at: 187_200, from: 'operator/office/104', to: 'operator/office/107', by: '104', target: '107', kind: 'attended', result: 'completed' }])
  })

  test('a transfer to somewhere that has no lane still has its beginning', () => {
    const story = stories.answered('1', at)
    story.transfers = [{ kind: 'blind', by: '101', to: '900', at: at(50), result: 'failed' }]
    expect(layout(story, settled).arrows[0]).toMatchObject({ from: 'operator/office/101', to: null, target: '900' })
  })

  test('PBXs follow each other, with the evidence for the hop', () => {
    expect(layout(stories.hopped('1', at), settled).bands).toEqual([
      { pbx: 'office', from: 0, to: 32_000 },
      { pbx: 'warehouse', from: 32_000, to: 131_000, link: expect.objectContaining({ kind: 'header', confidence: 'certain', evidence: 'office-1795385490.12' }) },
    ])
  })

  test('a call that comes back to a PBX is there again', () => {
    const drawn = layout(stories.wandered('1', at), settled)
    expect(drawn.bands.map(band => [band.pbx, band.from, band.to, band.link?.confidence])).toEqual([
      ['office', 0, 105_000, undefined], ['warehouse', 105_000, 162_000, 'likely'], ['office', 162_000, 240_000, 'certain'],
    ])
  })

  test('links of earlier versions have no moment: a PBX counts from when it was first seen', () => {
    const story = stories.hopped('1', at)
    story.links = [{ kind: 'header', confidence: 'certain', from: 'office', to: 'warehouse' }]
    expect(layout(story, settled).bands.map(band => [band.pbx, band.from])).toEqual([['office', 0], ['warehouse', 32_000]])
  })

  test('keys, parking and conferences have their places', () => {
    const drawn = layout(stories.wandered('1', at), settled)
    expect(names(drawn)).toEqual(['outside 79161110022', 'ivr', 'queue 600', 'parking 701', 'conference 800', 'operator 101', 'operator 103', 'operator 101', 'operator 104'])
    expect(drawn.lanes.find(lane => lane.kind === 'ivr')?.bars.filter(bar => bar.kind === 'digit').map(bar => bar.other)).toEqual(['2', '4', '7', '#'])
    expect(drawn.lanes.find(lane => lane.kind === 'parking')?.bars).toEqual([{ kind: 'park', from: 60_000, to: 84_000, result: 'retrieved', other: '103', estimated: undefined }])
  })

  test('keys too close to be told apart are drawn as one', () => {
    const keys = (keyRoom: number) => layout(stories.wandered('1', at), { ...settled, keyRoom }).lanes.find(lane => lane.kind === 'ivr')?.bars.filter(bar => bar.kind === 'digit').map(bar => bar.other)
    expect(keys(2000)).toEqual(['2', '47#'])
    expect(keys(60_000)).toEqual(['247#'])
  })

  test('a transfer to an equal number of another PBX points at the one that took it', () => {
    expect(layout(stories.wandered('1', at), settled).arrows.map(arrow => [arrow.from, arrow.to])).toEqual([
      ['operator/office/103', 'operator/warehouse/101'], ['operator/warehouse/101', 'conference/office/800'],
    ])
  })

  test('two of ours who speak while nobody is on hold do not consult', () => {
    const story = stories.answered('1', at)
    story.talks = [{ pbx: 'office', operator: '104', with: '101', from: at(20), to: at(30) }, { pbx: 'office', operator: '104', with: '102', from: at(40), to: at(50), consult: true }]
    expect(kinds(layout(story, settled), '104')).toEqual(['talk', 'consult'])
  })

  test('what was estimated stays marked', () => {
    const drawn = layout(stories.hopped('1', at), settled)
    expect(drawn.lanes.find(lane => lane.kind === 'queue' && lane.pbx === 'office')?.bars[0]?.estimated).toBe(true)
  })

  test('an open call reaches to now', () => {
    const story = { ...stories.answered('1', at), end: null, open: true }
    story.talks = [{ pbx: 'office', operator: '101', with: 'customer', from: at(14.3), to: null }]
    const drawn = layout(story, { now: Date.parse(start) + 40_000, unfolded: false })
    expect(drawn.length).toBe(40_000)
    expect(drawn.lanes.at(-1)?.bars.at(-1)).toMatchObject({ kind: 'talk', to: 40_000, open: true })
  })

  test('a call of one instant, and one with nothing in it, can be drawn', () => {
    const drawn = layout({ id: '1', direction: 'inbound', pbx: [], caller: '', dialled: '', start }, settled)
    expect([drawn.length, drawn.lanes.length, drawn.bands.length]).toEqual([1000, 1, 0])
  })

  test('times outside the call are kept inside the drawing', () => {
    const story = stories.answered('1', at)
    story.talks = [{ pbx: 'office', operator: '101', with: 'customer', from: at(14), to: at(4000) }]
    for (const bar of layout(story, settled).lanes.flatMap(lane => lane.bars)) {
      expect(bar.from).toBeGreaterThanOrEqual(0)
      expect(bar.to).toBeLessThanOrEqual(94_400)
      expect(bar.to).toBeGreaterThanOrEqual(bar.from)
    }
  })
})

describe('reading a moment', () => {
  const drawn = layout(stories.transferred('1', at), settled)

  test('tells who does what', () => {
    const told = (seconds: number) => activeAt(drawn, seconds * 1000).map(({ lane, bar }) => `${lane.name || lane.kind} ${bar.kind}`)
    expect(told(12)).toEqual(['600 wait', '101 ring', '102 ring'])
    expect(told(100)).toEqual(['79031112233 talk', '104 talk'])
    expect(told(170)).toEqual(['79031112233 hold', '104 consult', '104 hold', '107 consult'])
    expect(told(311.9)).toEqual(['79031112233 talk', '107 talk'])
  })

  test('stops at every beginning and end', () => {
    expect(drawn.moments[0]).toBe(0)
    expect(drawn.moments.at(-1)).toBe(312_000)
    expect(drawn.moments).toContain(187_200)
    expect([...drawn.moments].sort((a, b) => a - b)).toEqual(drawn.moments)
  })
})

test('rings are joined only with their like', () => {
  const joined = joinClose([
    { kind: 'ring', from: 0, to: 10, result: 'no_answer' },
    { kind: 'ring', from: 11, to: 20, result: 'no_answer' },
    { kind: 'ring', from: 21, to: 30, result: 'answered' },
    { kind: 'talk', from: 30, to: 40 },
  ], 5)
  expect(joined.map(bar => [bar.kind, bar.from, bar.to, bar.count])).toEqual([['ring', 0, 20, 2], ['ring', 21, 30, undefined], ['talk', 30, 40, undefined]])
})

test.each([[94_400, 800, 10_000], [362_000, 800, 60_000], [3_000, 800, 1000], [7_200_000, 800, 900_000], [90_000_000, 400, 21_600_000]])(
  'the axis of %d ms on %d px has a mark every %d ms', (length, width, step) => {
    const marks = ticks(length, width, 70)
    expect(marks[1]! - marks[0]!).toBe(step)
    expect(marks.at(-1)).toBeLessThanOrEqual(length)
  })
