import type { Link, Story } from './story.ts'

/*
 * Where everything of a call's story is drawn. Pure: a story in, lanes with bars out, all times as milliseconds from the
 * start of the drawing, all heights as pixels. Lanes from the top: the outside party (or the caller, where nobody is
 * from outside), the PBX's own applications, queues, parking, conferences, each of ours who rang or spoke.
 */

export type LaneKind = 'outside' | 'ivr' | 'queue' | 'parking' | 'conference' | 'operator' | 'folded'
export type BarKind = 'presence' | 'ivr' | 'wait' | 'ring' | 'talk' | 'hold' | 'consult' | 'park' | 'digit'

export interface Bar {
  kind: BarKind
  from: number
  to: number
  /** How it ended, as the story says. */
  result?: string
  /** With whom or in what: the other party of a talk, the queue of a ring, the application of a step. */
  other?: string
  estimated?: boolean
  /** It has not ended yet. */
  open?: boolean
  /** How many bars of the story this one stands for, where several were too close to be told apart. */
  count?: number
}

export interface Lane {
  id: string
  kind: LaneKind
  /** Number, queue or application as the PBX names it. */
  name: string
  pbx: string
  /** Nobody spoke here: drawn thin, and folded with the others of its kind where there are many. */
  thin: boolean
  top: number
  height: number
  bars: Bar[]
  rings: number
  /** Ids of the lanes that a folded lane stands for. */
  members?: string[]
}

export interface Arrow { at: number; from: string | null; to: string | null; by: string; target: string; kind: string; result: string }
export interface Band { pbx: string; from: number; to: number; /** What joined it to the PBX before. */ link?: Link }

export interface Layout {
  /** Absolute time of 0, in milliseconds since 1970. */
  origin: number
  length: number
  lanes: Lane[]
  arrows: Arrow[]
  /** More than one only where the call touched several PBXs. */
  bands: Band[]
  /** Every instant at which something begins or ends, in order: where the keyboard stops. */
  moments: number[]
  height: number
  /** How many lanes could be folded away. */
  foldable: number
}

export interface Options {
  /** End of the drawing of a call that is still open. */
  now: number
  /** Lanes of those who only rang are shown each on its own. */
  unfolded: boolean
  /** Bars of one kind closer than this are joined, in ms: what would be less than some pixels apart. */
  closest?: number
  /** How much time a drawn key covers, in ms: keys pressed closer together are drawn as one. */
  keyRoom?: number
}

export const tall = 34
export const slim = 18
/** From so many lanes that only rang on, they are folded into one. */
const foldFrom = 5

export function layout(story: Story, options: Options): Layout {
  const time = range(story, options.now)
  const lanes = new Lanes(time)
  outside(story, lanes)
  applications(story, lanes)
  queues(story, lanes)
  parkings(story, lanes)
  rings(story, lanes)
  talks(story, lanes)
  holds(story, lanes)
  silentLegs(story, lanes)
  const all = lanes.inOrder()
  const onlyRang = all.filter(lane => lane.thin)
  const fold = onlyRang.length >= foldFrom && !options.unfolded
  const shown = fold ? [...all.filter(lane => !lane.thin), folded(onlyRang)] : all
  for (const lane of shown) lane.bars = joinClose(joinKeys(lane.bars, options.keyRoom ?? 0), options.closest ?? 0)
  const height = place(shown)
  return {
    origin: time.origin,
    length: time.length,
    lanes: shown,
    arrows: arrows(story, time, shown),
    bands: bands(story, time),
    moments: moments(story, time, all),
    height,
    foldable: onlyRang.length >= foldFrom ? onlyRang.length : 0,
  }
}

class Time {
  readonly origin: number
  readonly length: number
  constructor(origin: number, end: number) {
    this.origin = origin
    this.length = Math.max(end - origin, 1000)
  }
  /** Offset of an instant, kept inside the drawing; where there is none, the end. */
  at(instant: string | null | undefined): number {
    const ms = instant ? Date.parse(instant) : Number.NaN
    if (Number.isNaN(ms)) return this.length
    return Math.min(Math.max(ms - this.origin, 0), this.length)
  }
}

function range(story: Story, now: number): Time {
  let first = Date.parse(story.start)
  let last = story.end ? Date.parse(story.end) : story.open ? now : first
  const see = (instant: string | null | undefined) => {
    const ms = instant ? Date.parse(instant) : Number.NaN
    if (Number.isNaN(ms)) return
    first = Math.min(first, ms)
    if (!story.end && !story.open) last = Math.max(last, ms)
  }
  for (const q of story.queues ?? []) [q.entered, q.left].forEach(see)
  for (const r of story.rings ?? []) [r.at, ringEnd(r)].forEach(see)
  for (const t of story.talks ?? []) [t.from, t.to].forEach(see)
  for (const s of story.ivr ?? []) [s.from, s.to].forEach(see)
  for (const p of story.parkings ?? []) [p.from, p.to].forEach(see)
  return new Time(first, Math.max(last, first))
}

function ringEnd(ring: NonNullable<Story['rings']>[number]): string | null {
  if (ring.end) return ring.end
  if (ring.seconds === undefined) return null
  return new Date(Date.parse(ring.at) + ring.seconds * 1000).toISOString()
}

const order: LaneKind[] = ['outside', 'ivr', 'queue', 'parking', 'conference', 'operator', 'folded']

/** The lanes in the making: one for each party, queue and PBX, in the order in which they first appear. */
class Lanes {
  private readonly byId = new Map<string, Lane>()
  readonly time: Time
  constructor(time: Time) {
    this.time = time
  }
  lane(kind: LaneKind, pbx: string, name: string): Lane {
    const id = kind === 'outside' ? 'outside' : `${kind}/${pbx}/${name}`
    let lane = this.byId.get(id)
    if (!lane) {
      lane = { id, kind, name, pbx, thin: kind === 'operator', top: 0, height: tall, bars: [], rings: 0 }
      this.byId.set(id, lane)
    }
    return lane
  }
  /** The lane of one of ours; whoever began an internal call already has the topmost. */
  party(story: Story, pbx: string, number: string): Lane {
    if (story.direction === 'internal' && number === story.caller) return this.lane('outside', '', number)
    return this.lane('operator', pbx, number)
  }
  add(lane: Lane, kind: BarKind, from: string, to: string | null | undefined, more: Partial<Bar> = {}): void {
    const begin = this.time.at(from)
    const end = Math.max(this.time.at(to), begin)
    const bar: Bar = { kind, from: begin, to: end, ...more }
    if (!to) bar.open = true
    lane.bars.push(bar)
    if (kind !== 'ring' && kind !== 'presence') lane.thin = false
  }
  inOrder(): Lane[] {
    const lanes = [...this.byId.values()]
    const first = (lane: Lane) => Math.min(...lane.bars.map(bar => bar.from))
    return lanes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || Number(a.thin) - Number(b.thin) || first(a) - first(b))
  }
}

function outside(story: Story, lanes: Lanes): void {
  const name = story.direction === 'outbound' ? story.dialled : story.caller
  const lane = lanes.lane('outside', '', name)
  const legs = (story.legs ?? []).filter(leg => leg.kind === 'customer')
  if (legs.length === 0) {
    lanes.add(lane, 'presence', story.start, story.end ?? null)
    return
  }
  for (const leg of legs) {
    lanes.add(lane, 'presence', leg.start, leg.end, { estimated: leg.estimated })
    if (story.direction !== 'outbound') continue
    const result = leg.answered ? 'answered' : story.disposition
    lanes.add(lane, 'ring', leg.start, leg.answered ?? leg.end, { result, estimated: leg.estimated })
  }
}

function applications(story: Story, lanes: Lanes): void {
  for (const step of story.ivr ?? []) {
    const lane = lanes.lane('ivr', step.pbx, '')
    if (step.application === digit) lanes.add(lane, 'digit', step.from, step.from, { other: step.data ?? '' })
    else lanes.add(lane, 'ivr', step.from, step.to, { other: step.application, result: step.data })
  }
}

function queues(story: Story, lanes: Lanes): void {
  for (const visit of story.queues ?? []) {
    const lane = lanes.lane('queue', visit.pbx, visit.queue)
    lanes.add(lane, 'wait', visit.entered, visit.left, { result: visit.result, other: visit.operator, estimated: visit.estimated })
  }
}

/** What the story calls the pressing of a key. */
const digit = 'Digit'

function parkings(story: Story, lanes: Lanes): void {
  for (const stay of story.parkings ?? []) {
    lanes.add(lanes.lane('parking', stay.pbx, stay.space ?? ''), 'park', stay.from, stay.to, { result: stay.result, other: stay.retriever, estimated: stay.estimated })
  }
}

function rings(story: Story, lanes: Lanes): void {
  for (const ring of story.rings ?? []) {
    const lane = lanes.party(story, ring.pbx, ring.operator)
    lane.rings++
    lanes.add(lane, 'ring', ring.at, ringEnd(ring), { result: ring.result, other: ring.queue, estimated: ring.estimated })
  }
}

function talks(story: Story, lanes: Lanes): void {
  for (const talk of story.talks ?? []) {
    const ours = lanes.party(story, talk.pbx, talk.operator)
    const draw = (lane: Lane, kind: BarKind, other: string) => lanes.add(lane, kind, talk.from, talk.to, { other, estimated: talk.estimated })
    if (talk.with === 'customer') {
      const customer = lanes.lane('outside', '', '')
      draw(ours, 'talk', customer.name)
      draw(customer, 'talk', talk.operator)
    } else if (talk.with.startsWith('conference:')) {
      const room = talk.with.slice('conference:'.length)
      draw(ours, 'talk', room)
      draw(lanes.lane('conference', talk.pbx, room), 'talk', talk.operator)
    } else {
      const kind = talk.consult ? 'consult' : 'talk'
      draw(ours, kind, talk.with)
      draw(lanes.party(story, talk.pbx, talk.with), kind, talk.operator)
    }
  }
}

function holds(story: Story, lanes: Lanes): void {
  for (const hold of story.holds ?? []) {
    const by = lanes.party(story, hold.pbx, hold.by)
    lanes.add(by, 'hold', hold.from, hold.to, { estimated: hold.estimated })
    const top = lanes.lane('outside', '', '')
    if (top !== by) lanes.add(top, 'hold', hold.from, hold.to, { other: hold.by, estimated: hold.estimated })
  }
}

/** One of ours who was there but neither rang nor spoke, as whoever calls out and is not answered. */
function silentLegs(story: Story, lanes: Lanes): void {
  for (const leg of story.legs ?? []) {
    if (leg.kind !== 'operator' || !leg.number) continue
    const lane = lanes.party(story, leg.pbx, leg.number)
    if (lane.bars.length > 0) continue
    lanes.add(lane, 'presence', leg.start, leg.end, { estimated: leg.estimated })
    lane.thin = false
  }
}

function folded(lanes: Lane[]): Lane {
  return {
    id: 'folded',
    kind: 'folded',
    name: '',
    pbx: '',
    thin: true,
    top: 0,
    height: slim,
    bars: lanes.flatMap(lane => lane.bars.map(bar => ({ ...bar, other: lane.name }))).sort((a, b) => a.from - b.from),
    rings: lanes.reduce((sum, lane) => sum + lane.rings, 0),
    members: lanes.map(lane => lane.id),
  }
}

/** Joins rings that overlap or lie closer than can be seen, and says how many each one stands for. */
export function joinClose(bars: Bar[], closest: number): Bar[] {
  const kept: Bar[] = []
  let last: Bar | undefined
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    if (bar.kind === 'ring' && last && bar.from - last.to < closest && bar.result === last.result) {
      last.to = Math.max(last.to, bar.to)
      last.count = (last.count ?? 1) + (bar.count ?? 1)
      if (bar.open) last.open = true
      continue
    }
    const copy = { ...bar }
    if (bar.kind === 'ring') last = copy
    kept.push(copy)
  }
  return kept.sort((a, b) => depth[a.kind] - depth[b.kind])
}

/** Keys too close to be drawn side by side become one, with all their letters. */
export function joinKeys(bars: Bar[], room: number): Bar[] {
  const kept: Bar[] = []
  let last: Bar | undefined
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    if (bar.kind === 'digit' && last && bar.from - last.from < room * (0.4 + 0.6 * (last.other ?? '').length)) {
      last.other = `${last.other ?? ''}${bar.other ?? ''}`
      last.to = bar.to
      continue
    }
    const copy = { ...bar }
    if (bar.kind === 'digit') last = copy
    kept.push(copy)
  }
  return kept
}

/** What is drawn later lies above. */
const depth: Record<BarKind, number> = { presence: 0, wait: 1, park: 1, ivr: 1, ring: 2, talk: 3, consult: 4, hold: 5, digit: 6 }

function place(lanes: Lane[]): number {
  let top = 0
  for (const lane of lanes) {
    lane.height = lane.thin && lane.kind !== 'folded' ? slim : tall
    lane.top = top
    top += lane.height
  }
  return top
}

function arrows(story: Story, time: Time, lanes: Lane[]): Arrow[] {
  const find = (name: string, pbx: string | undefined, since?: number) => {
    const fits = lanes.filter(lane => lane.name === name && lane.kind !== 'ivr' && lane.kind !== 'folded')
    const busy = since === undefined ? [] : fits.filter(l => l.bars.some(bar => bar.kind !== 'presence' && bar.to >= since))
    const lane = busy.find(l => l.pbx === pbx) ?? busy[0] ?? fits.find(l => l.pbx === pbx) ?? fits[0]
    return lane?.id ?? lanes.find(l => l.members?.some(id => id.startsWith('operator/') && id.endsWith(`/${name}`)))?.id ?? null
  }
  return (story.transfers ?? []).map(transfer => ({
    at: time.at(transfer.at),
    from: find(transfer.by, transfer.pbx),
    to: find(transfer.to, transfer.pbx, time.at(transfer.at)),
    by: transfer.by,
    target: transfer.to,
    kind: transfer.kind,
    result: transfer.result ?? '',
  }))
}

/**
 * On which PBX the call was: it goes on at the other end of each link from the moment of the link, also back to where it
 * was before. Where a link has no moment, as in stories of earlier versions, a PBX counts from when it was first seen.
 */
function bands(story: Story, time: Time): Band[] {
  const first = story.pbx[0]
  if (first === undefined) return []
  const hops = (story.links ?? [])
    .map(link => ({ pbx: link.to, from: link.at ? time.at(link.at) : seenFirst(story, time, link.to), link }))
    .sort((a, b) => a.from - b.from)
  const starts: { pbx: string; from: number; link?: Link }[] = [{ pbx: first, from: 0 }, ...hops.filter((hop, i) => hop.pbx !== (hops[i - 1]?.pbx ?? first))]
  for (const pbx of story.pbx) {
    if (!starts.some(band => band.pbx === pbx)) starts.push({ pbx, from: seenFirst(story, time, pbx) })
  }
  starts.sort((a, b) => a.from - b.from)
  return starts.map((band, i) => ({ ...band, to: starts[i + 1]?.from ?? time.length }))
}

function seenFirst(story: Story, time: Time, pbx: string): number {
  const all = [
    ...(story.legs ?? []).map(l => [l.pbx, l.start]), ...(story.queues ?? []).map(q => [q.pbx, q.entered]), ...(story.rings ?? []).map(r => [r.pbx, r.at]),
    ...(story.talks ?? []).map(t => [t.pbx, t.from]), ...(story.ivr ?? []).map(s => [s.pbx, s.from]), ...(story.parkings ?? []).map(p => [p.pbx, p.from]),
  ]
  return Math.min(time.length, ...all.filter(([where]) => where === pbx).map(([, instant]) => time.at(instant)))
}

function moments(story: Story, time: Time, lanes: Lane[]): number[] {
  const all = new Set<number>([0, time.length])
  for (const lane of lanes) {
    for (const bar of lane.bars) all.add(Math.round(bar.from)).add(Math.round(bar.to))
  }
  for (const transfer of story.transfers ?? []) all.add(Math.round(time.at(transfer.at)))
  return [...all].sort((a, b) => a - b)
}

/** What goes on at the instant, lane by lane. A bar that ends just there is over. */
export function activeAt(drawn: Layout, at: number): { lane: Lane; bar: Bar }[] {
  return drawn.lanes.flatMap(lane => {
    const on = lane.bars.filter(bar => bar.kind !== 'presence' && bar.from <= at && (at < bar.to || (bar.open === true && at <= bar.to)))
    const topmost = on.filter(bar => bar.kind === 'hold').length > 0 ? on.filter(bar => bar.kind === 'hold' || bar.kind === 'consult') : on
    return topmost.map(bar => ({ lane, bar }))
  })
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200].map(seconds => seconds * 1000)

/** Offsets of the axis' marks: round numbers, at least `apart` pixels from each other. */
export function ticks(length: number, width: number, apart: number): number[] {
  const step = steps.find(ms => (ms / length) * width >= apart) ?? 86_400_000
  const marks: number[] = []
  for (let at = 0; at <= length; at += step) marks.push(at)
  return marks
}
