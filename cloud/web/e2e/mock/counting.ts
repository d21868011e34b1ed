import type { Calendar, Change, CityNumber, Group, Policy, Prefix, QueueSettings, Reason, Shift, Tag, TrunkLine } from '../../src/api/types.ts'
import { directory } from './data.ts'

/* How things are called, grouped and counted, and an API to it that refuses what the real one refuses most often. */

export interface Counting {
  zone: string
  queues: QueueSettings[]
  groups: Group[]
  calendars: Calendar[]
  policies: Policy[]
  reasons: Reason[]
  seen: string[]
  tags: Tag[]
  trunks: TrunkLine[]
  dids: CityNumber[]
  prefixes: Prefix[]
  shifts: Shift[]
}

const hour = 3_600_000

export function makeCounting(now: number): Counting {
  const office: [number, number][] = [[540, 1080]]
  const today = new Date(now + 3 * hour).toISOString().slice(0, 10)
  const at = (day: number, moscow: string) => new Date(Date.parse(`${today}T${moscow}:00+03:00`) + day * 24 * hour).toISOString()
  const shift = (person: number, day: number, from: string, to: string, kind: Shift['kind'] = 'work'): Shift => ({ person, kind, from: at(day, from), to: at(to < from ? day + 1 : day, to) })
  return {
    zone: 'Europe/Moscow',
    queues: directory.queues.map(one => ({ id: one.id, station: one.station, number: one.number, seen: one.name, name: '', zone: one.id === 3 ? 'Asia/Vladivostok' : '', calendar: one.id === 1 ? 1 : null })),
    groups: [
      { id: 1, kind: 'queues', name: 'Customers', queues: directory.queues.slice(0, 2).map(one => one.id), people: [], operators: [] },
      { id: 2, kind: 'operators', name: 'Morning team', queues: [], people: [1, 2, 7], operators: [4] },
    ],
    calendars: [{ id: 1, name: 'Office hours', week: [office, office, office, office, [[540, 1020]], [], []], holidays: [{ day: '2026-12-31', name: 'Short day', hours: [[540, 780]] }, { day: '2027-01-01', name: 'New Year', hours: [] }] }],
    policies: [
      { id: 1, queue: null, from: null, threshold: 20, short: 5, variant: 3, shorts: 0, target: 0.8, call_back: 3600 },
      { id: 2, queue: 2, from: new Date(now - 40 * 24 * hour).toISOString(), threshold: 40, short: 5, variant: 4, shorts: 1, target: 0.7, call_back: 7200 },
    ],
    reasons: [{ reason: 'lunch', name: 'Lunch', paid: false, work: false, limit: 3600 }, { reason: 'training', name: '', paid: true, work: true, limit: 0 }],
    seen: ['coffee', ''],
    tags: [{ id: 1, name: 'complaint', retired: false }, { id: 2, name: 'order', retired: false }, { id: 3, name: 'old campaign', retired: true }],
    trunks: [{ id: 1, station: 'office', endpoint: 'PJSIP/carrier', name: 'Carrier', lines: 30 }, { id: 2, station: 'warehouse', endpoint: 'SIP/carrier', name: '', lines: 0 }],
    dids: [{ id: 1, station: 'office', number: '74950000700', name: 'Hotline' }, { id: 2, station: 'office', number: '74950000701', name: '' }],
    prefixes: [{ prefix: '7495', name: 'Moscow' }, { prefix: '7812', name: 'St Petersburg' }],
    shifts: [1, 2, 3].flatMap(person => [-2, -1, 0, 1, 2].flatMap(day => [shift(person, day, '09:00', '18:00'), shift(person, day, '13:00', '13:45', 'break')])).concat(shift(5, 0, '22:00', '06:00')),
  }
}

type Answer = { status: number; body?: unknown; text?: string } | { status: number; code: string; detail: string; fields?: unknown } | null
export interface Asked { of: Counting; method: string; path: string; search: URLSearchParams; body: Record<string, unknown>; note(change: Change): void }

const ok = (body?: unknown, status = body === undefined ? 204 : 200): Answer => ({ status, body })
const refused = (status: number, code: string, detail: string, fields?: unknown): Answer => ({ status, code, detail, fields })

/** The answer to a question about how things count; null where it is about something else. */
export function count(asked: Asked): Answer {
  const [, root = ''] = asked.path.split('/')
  switch (root) {
    case 'zone': return zone(asked)
    case 'queues': return one(asked, 'queues', 'queue', row => `${String(row['station'])}/${String(row['number'])}`)
    case 'groups': return one(asked, 'groups', 'group')
    case 'calendars': return one(asked, 'calendars', 'calendar')
    case 'policies': return one(asked, 'policies', 'policy', () => '')
    case 'tags': return one(asked, 'tags', 'tag')
    case 'trunks': return one(asked, 'trunks', 'trunk', row => String(row['endpoint']))
    case 'dids': return one(asked, 'dids', 'did', row => String(row['number']))
    case 'reasons': return keyed(asked, 'reasons', 'reason', 'reason')
    case 'prefixes': return keyed(asked, 'prefixes', 'prefix', 'prefix')
    case 'rosters': return rosters(asked)
    case 'lists': return lists(asked)
    default: return null
  }
}

function zone({ of, method, body, note }: Asked): Answer {
  if (method === 'PUT') {
    note({ action: 'tenant.zone', subject: '', before: { zone: of.zone }, after: body })
    of.zone = String(body['zone'])
  }
  return ok({ zone: of.zone })
}

type Row = Record<string, unknown> & { id: number }
const named = (row: Row) => String(row['name'])

/** A list whose rows have ids. */
function one({ of, method, path, body, note }: Asked, list: keyof Counting, action: string, subject = named): Answer {
  const rows = of[list] as unknown as Row[]
  if (method === 'GET') return ok({ [list]: rows })
  if (typeof body['name'] === 'string' && rows.some(row => row['name'] === body['name'] && row.id !== Number(path.split('/')[2]))) return refused(409, 'name-taken', `There is one of the name ${body['name']} already.`)
  if (method === 'POST') {
    const added: Row = { ...body, id: Math.max(0, ...rows.map(row => row.id)) + 1 }
    rows.push(added)
    note({ action: `${action}.add`, subject: subject(added), before: null, after: body })
    return ok(added, 201)
  }
  const at = rows.findIndex(row => row.id === Number(path.split('/')[2]))
  const was = rows[at]
  if (!was) return refused(404, 'not-found', '')
  if (method === 'DELETE') {
    if (list === 'calendars' && of.queues.some(queue => queue.calendar === was.id)) return refused(409, 'calendar-used', 'The queue Sales works by these hours. Give it others first.')
    rows.splice(at, 1)
    note({ action: `${action}.remove`, subject: subject(was), before: was, after: null })
    return ok()
  }
  const now = { ...was, ...body }
  rows[at] = now
  note({ action: `${action}.change`, subject: subject(now), before: was, after: now })
  return ok(now)
}

/** A list whose rows go by a word of their own. */
function keyed({ of, method, search, body, note }: Asked, list: 'reasons' | 'prefixes', action: string, key: string): Answer {
  const rows = of[list] as unknown as Record<string, unknown>[]
  if (method === 'GET') return ok({ [list]: rows, ...(list === 'reasons' && { seen: of.seen.filter(word => !of.reasons.some(row => row.reason === word)) }) })
  const at = rows.findIndex(row => row[key] === (method === 'DELETE' ? search.get(key) : body[key]))
  if (method === 'DELETE') {
    note({ action: `${action}.remove`, subject: String(search.get(key)), before: rows[at], after: null })
    rows.splice(at, 1)
    return ok()
  }
  note({ action: `${action}.set`, subject: String(body[key]), before: rows[at] ?? null, after: body })
  if (at >= 0) rows[at] = body
  else rows.push(body)
  return ok(body)
}

function rosters({ of, method, search, body, note }: Asked): Answer {
  if (method === 'GET') return ok({ shifts: of.shifts.filter(one => one.from >= String(search.get('from')) && one.from < String(search.get('to'))) })
  const shifts = body['shifts'] as Omit<Shift, 'person'>[]
  const person = Number(body['person'])
  if (shifts.some(one => one.kind === 'break' && !shifts.some(work => work.kind === 'work' && work.from <= one.from && one.to <= work.to))) return refused(422, 'invalid', 'The break is not within a time of work.')
  of.shifts = [...of.shifts.filter(one => one.person !== person || one.from < String(body['from']) || one.from >= String(body['to'])), ...shifts.map(one => ({ ...one, person }))]
  note({ action: 'roster.set', subject: 'Somebody', before: [], after: shifts.map(one => `${one.kind} ${one.from} – ${one.to}`) })
  return ok()
}

/** Of the lists only areas can be uploaded here. */
function lists({ of, method, search, body, note }: Asked): Answer {
  if (method === 'GET') return { status: 200, text: '\uFEFFprefix,name\r\n' }
  const lines = String(body['csv'] ?? '').split(/\r?\n/).map((line, i) => ({ line: i + 1, cells: line.split(/[,;]/) })).slice(1).filter(one => one.cells[0] !== '')
  const wrong = lines.filter(one => !/^\d+$/.test(one.cells[0] ?? ''))
  if (wrong.length > 0) return refused(422, 'file-refused', 'The file was not taken, and nothing was changed. Correct the lines named here and try again.', wrong.map(one => ({ location: `line ${one.line}`, message: 'A prefix is the first digits of a number, at most 20, as calls show it: 7495.' })))
  const fresh = lines.map(({ cells: [prefix = '', name = ''] }) => ({ prefix, name })).filter(one => !of.prefixes.some(old => old.prefix === one.prefix && old.name === one.name))
  const changes = fresh.map((one): Change => ({ action: 'prefix.set', subject: one.prefix, before: of.prefixes.find(old => old.prefix === one.prefix) ?? null, after: { name: one.name } }))
  const dry = search.get('dry_run') === 'true'
  if (!dry) {
    of.prefixes = [...of.prefixes.filter(old => !fresh.some(one => one.prefix === old.prefix)), ...fresh]
    for (const change of changes) note(change)
  }
  return ok({ rows: lines.length, changes, dry_run: dry })
}
