import type { CallRow, Directory, PBX, RawEvent } from '../../src/api/types.ts'
import type { Story } from '../../src/call/story.ts'
import { agent, pbx } from './pbxs.ts'
import { row } from './rows.ts'
import * as stories from './stories.ts'

/* A month of one customer, the same every time but for its dates, which end now. */

export const directory: Directory = {
  pbxs: [{ id: 1, name: 'office', station: 'office' }, { id: 2, name: 'warehouse', station: 'warehouse' }],
  queues: [
    { id: 1, number: '600', name: 'Sales', station: 'office' },
    { id: 2, number: '601', name: 'Support', station: 'office' },
    { id: 3, number: '602', name: 'Night desk', station: 'office' },
    { id: 4, number: '600', name: 'Dispatch', station: 'warehouse' },
  ],
  operators: [
    ...['Anna Orlova', 'Boris Weiss', 'Clara Nguyen', 'Dmitry Sokolov', 'Elena Petrova', 'Farid Aliyev', 'Greta Lind', 'Hugo Marin'].map((name, i) => ({ id: i + 1, number: String(101 + i), name, station: 'office' })),
    ...Array.from({ length: 13 }, (_, i) => ({ id: i + 9, number: String(109 + i), name: '', station: 'office' })),
    { id: 31, number: '101', name: 'Dispatch desk', station: 'warehouse' },
  ],
  trunks: [{ id: 1, endpoint: 'PJSIP/carrier', station: 'office' }],
}

/** Who works at the warehouse's phone; the others' phones are called by their names. */
const igor = { id: 9, name: 'Igor Belov' }
const igorsPhone = 31

export interface MockCall { row: CallRow; story: Story; events: RawEvent[] }

const second = 1000
const day = 86_400 * second

/** Numbers that look random and are the same every time. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const named = [
  { made: stories.answered, more: { caller_name: 'Ivan Petrov' } },
  { made: stories.transferred, more: {} },
  { made: stories.hopped, more: { partial: true } },
  { made: stories.endless, more: {} },
  { made: stories.abandoned, more: {} },
  { made: stories.outbound, more: {} },
  { made: stories.internal, more: {} },
  { made: stories.wandered, more: { partial: true } },
] as const
export const kinds = { answered: 0, transferred: 1, hopped: 2, endless: 3, abandoned: 4, outbound: 5, internal: 6, wandered: 7 } as const

export function month(now: number): MockCall[] {
  const roll = dice(7)
  const calls: MockCall[] = []
  // The special ones came just now, one of each, so that tests find them at the top.
  named.forEach((_, i) => calls.push(make(i, now - (400 + i * 47) * second, i)))
  calls.push(openCall(now))
  let at = now - 900 * second
  for (let n = 9; n < 2400; n++) {
    at -= (roll() ** 2 * 3300 + 15) * second
    const pick = roll()
    const kind = pick < 0.62 ? 0 : pick < 0.7 ? 1 : pick < 0.73 ? 2 : pick < 0.84 ? 4 : pick < 0.94 ? 5 : 6
    calls.push(make(kind, at, n, roll))
  }
  return calls.filter(({ row: r }) => Date.parse(r.start) > now - 31 * day)
}

export const idOf = (n: number) => `0197b0de-0000-8000-8000-${n.toString(16).padStart(12, '0')}`

/** Another caller, another operator and other lengths for each call but the first eight. */
function vary(story: Story, roll: () => number): Story {
  const text = JSON.stringify(story)
  const caller = `79${String(Math.floor(roll() * 1e9)).padStart(9, '0')}`
  const operator = String(101 + Math.floor(roll() * 6))
  const began = Date.parse(story.start)
  const longer = 0.35 + roll() * 2.2
  const stretch = (iso: string) => new Date(began + (Date.parse(iso) - began) * longer).toISOString().replace('Z', '000Z')
  return JSON.parse(
    text
      .replaceAll(story.direction === 'outbound' ? story.dialled : story.caller, story.direction === 'internal' ? story.caller : caller)
      .replaceAll('"101"', `"${operator}"`)
      .replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, iso => `"${stretch(iso.slice(1, -1))}"`),
  ) as Story
}

function make(kind: number, start: number, n: number, roll?: () => number): MockCall {
  const { made, more } = named[kind] ?? named[0]
  const whole = made(idOf(n), stories.clockFrom(start))
  const story = roll ? vary(whole, roll) : whole
  return finish(story, roll ? {} : more)
}

export function openCall(now: number): MockCall {
  const at = stories.clockFrom(now - 42 * second)
  const story: Story = { ...stories.answered(idOf(8), at), caller: '79213334455', end: null, open: true, disposition: 'unknown', hangup_by: 'unknown' }
  story.talks = [{ pbx: 'office', operator: '101', queue: '600', with: 'customer', from: at(14.3), to: null }]
  story.legs = story.legs?.map(leg => ({ ...leg, end: null }))
  return finish(story, {})
}

/** A call that begins now, for the test of the live journal. */
export function freshCall(now: number, n: number): MockCall {
  const at = stories.clockFrom(now)
  const story: Story = { ...stories.answered(idOf(100_000 + n), at), caller: `7999000${String(n).padStart(4, '0')}`, end: null, open: true, disposition: 'unknown', hangup_by: 'unknown', rings: [], talks: [] }
  return finish({ ...story, queues: [{ pbx: 'office', queue: '600', entered: at(0), left: null }], legs: [], ivr: [] }, {})
}

function ms(from: string | null | undefined, to: string | null | undefined): number {
  return from && to ? Date.parse(to) - Date.parse(from) : 0
}
const sum = (all: number[]) => Math.round(all.reduce((a, b) => a + b, 0))

function finish(story: Story, more: Partial<CallRow>): MockCall {
  const stationOf = (pbxName: string) => directory.pbxs.find(p => p.name === pbxName)?.station
  const ids = (all: Directory['queues'], wanted: { pbx: string; number: string }[]) => [
    ...new Set(wanted.flatMap(w => all.find(one => one.number === w.number && one.station === stationOf(w.pbx))?.id ?? [])),
  ]
  const people = [
    ...(story.talks ?? []).map(talk => ({ pbx: talk.pbx, number: talk.operator })),
    ...(story.rings ?? []).map(ring => ({ pbx: ring.pbx, number: ring.operator })),
  ]
  const made = row(story.id, story.start, {
    answered: story.answered ?? null,
    end: story.end ?? null,
    open: story.open ?? false,
    direction: story.direction as CallRow['direction'],
    disposition: (story.disposition ?? 'unknown') as CallRow['disposition'],
    hangup_by: (story.hangup_by ?? 'unknown') as CallRow['hangup_by'],
    caller: story.caller,
    dialled: story.dialled,
    pbxs: story.pbx.map(name => directory.pbxs.find(p => p.name === name)?.id ?? 0),
    queues: ids(directory.queues, (story.queues ?? []).map(q => ({ pbx: q.pbx, number: q.queue }))),
    operators: ids(directory.operators, people),
    imported: [],
    people: ids(directory.operators, people).filter(id => id === igorsPhone).map(operator => ({ operator, ...igor })),
    wait_ms: sum((story.queues ?? []).map(q => ms(q.entered, q.left))),
    talk_ms: sum((story.talks ?? []).filter(talk => talk.with === 'customer' || story.direction === 'internal').map(talk => ms(talk.from, talk.to ?? talk.from))),
    hold_ms: sum((story.holds ?? []).map(hold => ms(hold.from, hold.to))),
    rings: story.rings?.length ?? 0,
    transfers: story.transfers?.length ?? 0,
    ...more,
  })
  // Of internal calls nothing is kept, so that this can be seen too.
  return { row: made, story, events: story.direction === 'internal' ? [] : rawEvents(story) }
}

/** What a PBX would have said: not every event, but enough of each kind to look through. */
function rawEvents(story: Story): RawEvent[] {
  const events: Omit<RawEvent, 'seq'>[] = []
  const pbxId = (name: string) => directory.pbxs.find(p => p.name === name)?.id ?? 0
  const say = (at: string | null | undefined, pbxName: string, name: string, fields: [string, string][]) => {
    if (at) events.push({ at, pbx: pbxId(pbxName), name, fields })
  }
  for (const leg of story.legs ?? []) {
    const uniqueid = `${Date.parse(leg.start) / 1000}.${leg.number}`
    const channel: [string, string][] = [
      ['Privilege', 'call,all'], ['Channel', `${leg.endpoint}-0000${(leg.number ?? '').slice(-2)}`], ['ChannelState', '6'], ['ChannelStateDesc', 'Up'], ['CallerIDNum', leg.number ?? ''], ['CallerIDName', '<unknown>'],
      ['ConnectedLineNum', story.caller], ['Language', 'en'], ['AccountCode', ''], ['Context', 'from-trunk'], ['Exten', story.dialled], ['Priority', '1'], ['Uniqueid', uniqueid], ['Linkedid', uniqueid],
    ]
    say(leg.start, leg.pbx, 'Newchannel', channel)
    say(leg.start, leg.pbx, 'NewCallerid', channel)
    say(leg.answered, leg.pbx, 'Newstate', channel)
    say(leg.end, leg.pbx, 'HangupRequest', [...channel, ['Cause', String(leg.cause ?? 16)]])
    say(leg.end, leg.pbx, 'Hangup', [...channel, ['Cause', String(leg.cause ?? 16)], ['Cause-txt', leg.cause === 19 ? 'User alerting, no answer' : 'Normal Clearing']])
  }
  for (const q of story.queues ?? []) {
    say(q.entered, q.pbx, 'QueueCallerJoin', [['Queue', q.queue], ['Position', '1'], ['Count', '1'], ['Channel', 'PJSIP/carrier-00000001']])
    say(q.left, q.pbx, q.result === 'abandoned' ? 'QueueCallerAbandon' : 'QueueCallerLeave', [['Queue', q.queue], ['Position', '1'], ['Count', '0'], ['Channel', 'PJSIP/carrier-00000001']])
  }
  for (const r of story.rings ?? []) {
    const dial: [string, string][] = [['Channel', 'PJSIP/carrier-00000001'], ['DestChannel', `PJSIP/${r.operator}-00000002`], ['DialString', r.operator]]
    say(r.at, r.pbx, 'DialBegin', dial)
    if (r.queue) say(r.at, r.pbx, 'AgentCalled', [...dial, ['Queue', r.queue], ['Interface', `PJSIP/${r.operator}`], ['MemberName', r.operator]])
    const end = new Date(Date.parse(r.at) + (r.seconds ?? 0) * second).toISOString()
    say(end, r.pbx, 'DialEnd', [...dial, ['DialStatus', r.result === 'answered' ? 'ANSWER' : r.result === 'busy' ? 'BUSY' : 'NOANSWER']])
    if (r.queue && r.result !== 'answered') say(end, r.pbx, 'AgentRingNoAnswer', [['Queue', r.queue], ['Interface', `PJSIP/${r.operator}`], ['RingTime', String(Math.round(r.seconds ?? 0))]])
  }
  for (const talk of story.talks ?? []) {
    const bridge: [string, string][] = [['BridgeUniqueid', '8d2c1f6e-4f0e-4b7f-9d4e-2f6c0c6b7a11'], ['BridgeType', 'basic'], ['BridgeTechnology', 'simple_bridge'], ['BridgeNumChannels', '2'], ['Channel', `PJSIP/${talk.operator}-00000002`]]
    say(talk.from, talk.pbx, 'BridgeEnter', bridge)
    say(talk.to, talk.pbx, 'BridgeLeave', bridge)
  }
  for (const hold of story.holds ?? []) {
    say(hold.from, hold.pbx, 'Hold', [['Channel', `PJSIP/${hold.by}-00000002`], ['MusicClass', 'default']])
    say(hold.to, hold.pbx, 'Unhold', [['Channel', `PJSIP/${hold.by}-00000002`]])
  }
  for (const transfer of story.transfers ?? []) {
    say(transfer.at, story.pbx[0] ?? '', 'AttendedTransfer', [['Result', 'Success'], ['OrigTransfererChannel', `PJSIP/${transfer.by}-00000002`], ['TransferTargetChannel', `PJSIP/${transfer.to}-00000004`]])
  }
  return events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).map((event, i) => ({ ...event, seq: i + 1 }))
}

export function pbxs(now: number): PBX[] {
  const ago = (ms_: number) => new Date(now - ms_).toISOString()
  return [
    pbx({
      agent: agent({
        connected: ago(2 * day + 5_400_000), last_seen: ago(0), not_after: ago(-26 * day - 3_600_000),
        findings: [
          { code: 'timestampevents', severity: 'warn', detail: 'timestampevents is off in manager.conf', hurts: 'times are those at which the agent heard of it, a few milliseconds late' },
          { code: 'ami-login', severity: 'ok', detail: 'AMI log-in works and has all rights it needs', hurts: '' },
          { code: 'udp', severity: 'ok', detail: 'UDP to the cloud is open', hurts: '' },
          { code: 'disk', severity: 'ok', detail: '41 GB free for the buffer, enough for 61 days', hurts: '' },
          { code: 'clock', severity: 'ok', detail: 'the clock is right within 3 ms', hurts: '' },
          { code: 'dns', severity: 'ok', detail: 'the cloud has an address', hurts: '' },
        ],
      }),
    }),
    pbx({
      id: 2, name: 'warehouse', station: 'warehouse', asterisk: 'Asterisk 16.30.1',
      agent: agent({
        id: '0197b000-0000-7000-8000-000000000002', transport: 'tcp', connected: ago(3 * 3_600_000), last_seen: ago(0), lag_ms: 8_400, events_per_s: 118, not_after: ago(-5 * day), version: '0.1.0',
        findings: [
          { code: 'udp', severity: 'warn', detail: 'UDP port 4433 to the cloud is blocked', hurts: 'nothing is lost, but live screens are a little later' },
          { code: 'rights', severity: 'error', detail: 'the AMI user lacks the right “agent”', hurts: 'waits and abandoned calls of all queues' },
          { code: 'ami-login', severity: 'ok', detail: 'AMI log-in works', hurts: '' },
        ],
      }),
      gaps: [
        { from: ago(5 * 3_600_000), to: ago(5 * 3_600_000 - 252_000), reason: 'cut', events: 0 },
        { from: ago(9 * day), to: ago(9 * day - 61_000), reason: 'spool-full', events: 4812 },
      ],
    }),
    pbx({ id: 3, name: 'kazan', station: 'kazan', asterisk: '', agent: null }),
  ]
}
