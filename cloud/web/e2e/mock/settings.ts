import type { AuditEntry, Binding, DialledNumber, Endpoint, ExtenRule, InForce, NumberVerdict, Person, Session, Station, TrunkPair } from '../../src/api/types.ts'
import { count, type Counting, makeCounting } from './counting.ts'
import { directory } from './data.ts'

/* What people decided, and an API to it that refuses what the real one refuses most often. */

export interface Settings {
  people: { id: number; name: string; note: string; unwatched: boolean }[]
  bindings: Binding[]
  stations: Station[]
  endpoints: Endpoint[]
  numbers: DialledNumber[]
  rules: Map<number, ExtenRule[]>
  references: string[]
  pairs: TrunkPair[]
  audit: AuditEntry[]
  counting: Counting
}

const day = 86_400_000

export function makeSettings(now: number): Settings {
  const ago = (days: number) => new Date(Math.floor((now - days * day) / 3_600_000) * 3_600_000).toISOString()
  const people = [
    ['Anna Orlova', 'morning shift'], ['Boris Weiss', 'morning shift'], ['Clara Nguyen', 'support, second line'], ['Dmitry Sokolov', ''], ['Elena Petrova', 'evening shift'],
    ['Farid Aliyev', ''], ['Greta Lind', 'team lead'], ['Hugo Marin', 'left in October'], ['Igor Belov', 'warehouse'],
  ].map(([name = '', note = ''], i) => ({ id: i + 1, name, note, unwatched: false }))
  const bindings: Binding[] = [
    ...[1, 2, 3, 4, 5, 6, 7].map(n => ({ id: n, person: n, operator: n, from: ago(60 - n), to: null })),
    { id: 8, person: 8, operator: 8, from: ago(200), to: ago(36) },
    { id: 9, person: 1, operator: 9, from: ago(180), to: ago(59) },
    { id: 10, person: 1, operator: 12, from: ago(20), to: ago(13) },
    { id: 11, person: 9, operator: 31, from: ago(90), to: null },
    { id: 12, person: 5, operator: 8, from: ago(36), to: ago(10) },
  ]
  return {
    people, bindings,
    stations: [{ id: 1, name: 'office', pbxs: ['office'] }, { id: 2, name: 'warehouse', pbxs: ['warehouse'] }],
    endpoints: endpoints(ago),
    numbers: [
      { station: 1, number: '74950000700', name: '', kind: 'did', how: 'seen', first_seen: ago(31), last_seen: ago(0), correction: null },
      { station: 1, number: '74950000701', name: '', kind: 'did', how: 'seen', first_seen: ago(31), last_seen: ago(2), correction: null },
      { station: 1, number: '*45', name: 'QueueLogin', kind: 'service', how: 'seen', first_seen: ago(30), last_seen: ago(0), correction: null },
      { station: 1, number: '8800', name: '', kind: 'service', how: 'seen', first_seen: ago(28), last_seen: ago(4), correction: { decided: 'queue', number: '', note: 'the old short number of Sales', made: ago(11) } },
      { station: 2, number: '78430000600', name: '', kind: 'did', how: 'rule', first_seen: ago(20), last_seen: ago(1), correction: null },
    ],
    rules: new Map([[1, [{ pattern: '_61X', kind: 'service', note: 'announcements' }, { pattern: '_6XX', kind: 'queue' }, { pattern: '_[2-4]XXXX', kind: 'outside', note: 'the town has five digits' }]], [2, []]]),
    references: ['X_CRM_CALL'],
    pairs: [
      { pbx: 1, endpoint: 'PJSIP/warehouse', peer: 2, peer_endpoint: 'SIP/office', state: 'confirmed', note: 'the line through the yard', made: ago(25), certain: 1204, likely: 3, possible: 0, last_seen: ago(0) },
      { pbx: 1, endpoint: 'PJSIP/warehouse-2', peer: 2, peer_endpoint: 'SIP/office-2', state: 'proposed', note: '', made: null, certain: 41, likely: 6, possible: 2, last_seen: ago(1) },
      { pbx: 1, endpoint: 'PJSIP/carrier', peer: 2, peer_endpoint: 'SIP/carrier', state: 'proposed', note: '', made: null, certain: 0, likely: 1, possible: 9, last_seen: ago(8) },
    ],
    audit: audit(ago),
    counting: makeCounting(now),
  }
}

function endpoints(ago: (days: number) => string): Endpoint[] {
  const one = (endpoint: string, more: Partial<Endpoint>): Endpoint => ({ pbx: 1, station: 1, endpoint, class: 'device', learned: 'device', signs: [], number: '', name: '', first_seen: ago(31), last_seen: ago(0), correction: null, ...more })
  const rings = 'A queue rings it: a device.'
  const short = 'It is named by a short number: a device.'
  return [
    ...directory.operators.map(o => one(`PJSIP/${o.number}`, { ...(o.station === 'warehouse' && { pbx: 2, station: 2 }), number: o.number, name: o.name, signs: [rings, short] })),
    one('PJSIP/carrier', { class: 'trunk', learned: 'trunk', signs: ['A number was dialed behind it: a trunk.', 'It called with numbers of the telephone network: a trunk.'] }),
    one('PJSIP/warehouse', { class: 'trunk', learned: 'trunk', signs: ['Calls that leave by it come in at another PBX of yours: a trunk.'] }),
    one('PJSIP/gate', { class: 'device', learned: 'trunk', number: '190', name: 'Gate', signs: ['It called with numbers of the telephone network: a trunk.'], correction: { decided: 'device', number: '190', note: 'the intercom at the gate', made: ago(6) } }),
    one('PJSIP/lobby', { class: 'unknown', learned: 'unknown', last_seen: ago(3) }),
    one('SIP/office', { pbx: 2, station: 2, class: 'trunk', learned: 'trunk', signs: ['Calls that leave by it come in at another PBX of yours: a trunk.'] }),
  ].sort((a, b) => a.pbx - b.pbx || a.endpoint.localeCompare(b.endpoint))
}

function audit(ago: (days: number) => string): AuditEntry[] {
  const login = 'admin@example.com'
  const rows: Omit<AuditEntry, 'id'>[] = [
    { at: ago(6), login, action: 'correction.set', subject: 'office PJSIP/gate', before: null, after: { station: 1, subject: 'endpoint', name: 'PJSIP/gate', decided: 'device', number: '190', note: 'the intercom at the gate' } },
    { at: ago(10), login, action: 'binding.change', subject: 'office/108 – Elena Petrova', before: { id: 12, person: 5, operator: 8, from: ago(36), to: null }, after: { id: 12, person: 5, operator: 8, from: ago(36), to: ago(10) } },
    { at: ago(11), login, action: 'exten-rules.set', subject: 'office', before: [{ pattern: '_6XX', kind: 'queue' }], after: [{ pattern: '_61X', kind: 'service', note: 'announcements' }, { pattern: '_6XX', kind: 'queue' }] },
    { at: ago(12), login, action: 'references.set', subject: 'X_CRM_CALL', before: [], after: ['X_CRM_CALL'] },
    ...Array.from({ length: 70 }, (_, i) => ({ at: ago(60 + i), login: '', action: 'person.add', subject: `Person ${70 - i}`, before: null, after: { id: 100 + i, name: `Person ${70 - i}`, note: '' } })),
  ]
  return rows.map((row, i) => ({ ...row, id: rows.length - i }))
}

export type Answer = { status: number; body?: unknown; text?: string } | { status: number; code: string; detail: string; fields?: unknown } | null
interface Request { settings: Settings; session: Session; method: string; path: string; search: URLSearchParams; body: Record<string, never> }

const refused = (status: number, code: string, detail: string): Answer => ({ status, code, detail })
const ok = (body: unknown, status = 200): Answer => ({ status, body })

/** The answer to a question about settings; null where it is about something else. */
export function settle(settings: Settings, session: Session, method: string, path: string, search: URLSearchParams, body: Record<string, unknown>): Answer {
  const request: Request = { settings, session, method, path, search, body: body as Record<string, never> }
  const handler = handlers.find(([pattern]) => pattern.test(path))?.[1]
  if (!handler) {
    if (method !== 'GET' && session.user.role !== 'administrator') return refused(403, 'forbidden', 'Administrators change settings.')
    return count({ of: settings.counting, method, path, search, body, note: one => note(request, one.action, one.subject, one.before, one.after) })
  }
  if (method !== 'GET' && session.user.role !== 'administrator') return refused(403, 'forbidden', 'Administrators change settings.')
  return handler(request)
}

const handlers: [RegExp, (request: Request) => Answer][] = [
  [/^\/people/, people], [/^\/bindings/, bindings], [/^\/stations\/\d+\/rules$/, rules], [/^\/stations\/\d+\/number$/, judge], [/^\/stations$/, ({ settings }) => ok({ stations: settings.stations })],
  [/^\/endpoints/, correctEndpoint], [/^\/numbers/, correctNumber], [/^\/references$/, references], [/^\/trunk-pairs$/, trunkPairs], [/^\/audit$/, listAudit],
]

const idOf = (path: string) => Number(/\/(\d+)/.exec(path)?.[1])
const inForce = (): InForce => ({ revision: 7, from: new Date().toISOString(), past: 'callweave reassemble --tenant northwind --from DATE' })

function note({ settings, session }: Request, action: string, subject: string, before: unknown, after: unknown): void {
  settings.audit.unshift({ id: settings.audit.length + 1, at: new Date().toISOString(), login: session.user.login, action, subject, before, after })
}

function people(request: Request): Answer {
  const { settings, method, path, body } = request
  if (method === 'GET') {
    const list: Person[] = settings.people.map(one => ({ ...one, bindings: settings.bindings.filter(b => b.person === one.id).sort((a, b) => Date.parse(b.from) - Date.parse(a.from)) }))
    return ok({ people: list.sort((a, b) => a.name.localeCompare(b.name)) })
  }
  if (method === 'POST') {
    const added = { id: settings.people.length + 1, name: String(body['name']), note: String(body['note'] ?? ''), unwatched: body['unwatched'] === true }
    settings.people.push(added)
    note(request, 'person.add', added.name, null, added)
    return ok(added, 201)
  }
  const person = settings.people.find(one => one.id === idOf(path))
  if (!person) return refused(404, 'not-found', '')
  if (method === 'PUT') {
    const before = { ...person }
    Object.assign(person, { name: body['name'], note: body['note'] ?? '', unwatched: body['unwatched'] === true })
    note(request, 'person.change', person.name, before, { ...person })
    return ok(person)
  }
  if (settings.bindings.some(one => one.person === person.id)) return refused(409, 'person-bound', `${person.name} has devices, now or in the past, and past calls show it. Remove the bindings first if they were mistakes; otherwise give the last one an end.`)
  settings.people = settings.people.filter(one => one !== person)
  note(request, 'person.remove', person.name, person, null)
  return ok(undefined, 204)
}

function bindings(request: Request): Answer {
  const { settings, method, path, body } = request
  if (method === 'GET') return ok({ bindings: settings.bindings })
  const was = settings.bindings.find(one => one.id === idOf(path))
  if (method === 'DELETE') {
    settings.bindings = settings.bindings.filter(one => one !== was)
    note(request, 'binding.remove', 'office', was, null)
    return ok(undefined, 204)
  }
  const next: Binding = { id: was?.id ?? settings.bindings.length + 20, person: body['person'] ?? 0, operator: body['operator'] ?? 0, from: body['from'] ?? '', to: body['to'] ?? null }
  if (next.to && next.to <= next.from) return refused(422, 'invalid', 'A binding ends after it begins.')
  const holder = settings.bindings.find(one => one.operator === next.operator && one.to === null && one.id !== next.id)
  if (holder && next.to === null && holder.from < next.from) holder.to = next.from
  settings.bindings = [...settings.bindings.filter(one => one !== was), next]
  note(request, was ? 'binding.change' : 'binding.add', 'office', was ?? null, next)
  return ok(next, was ? 200 : 201)
}

function rules(request: Request): Answer {
  const { settings, method, path, body } = request
  const id = idOf(path)
  if (method === 'GET') return ok({ rules: settings.rules.get(id) ?? [] })
  const next = body['rules'] as unknown as ExtenRule[]
  const bad = next.findIndex(one => !/^(_[\dXZN.!*#[\]-]+|[\d*#+]+)$/.test(one.pattern))
  if (bad >= 0) return refused(422, 'invalid', `Rule ${bad + 1}: “${next[bad]?.pattern}” is not a pattern. Write a number, or as in the dialplan: _6XX.`)
  note(request, 'exten-rules.set', 'office', settings.rules.get(id) ?? [], next)
  settings.rules.set(id, next)
  return ok({ rules: next, in_force: inForce() })
}

function judge({ settings, path, search }: Request): Answer {
  const number = search.get('number') ?? ''
  const verdict = (kind: NumberVerdict['kind'], by: NumberVerdict['by'], why: string, more: Partial<NumberVerdict> = {}) => ok({ number, kind, by, why, ...more })
  const list = settings.rules.get(idOf(path)) ?? []
  const at = list.findIndex(({ pattern }) => new RegExp(`^${pattern.replace(/^_/, '').replaceAll('X', '\\d')}$`).test(number))
  const rule = list[at]
  if (rule) return verdict(rule.kind, 'rule', `Rule ${at + 1} of the station says so: ${rule.pattern}.`, { position: at + 1, pattern: rule.pattern })
  if (directory.operators.some(one => one.number === number)) return verdict('operator', 'device', 'A device is known under this number.')
  return number.length > 6 ? verdict('outside', 'length', 'It is as long as numbers of the telephone network are.') : verdict('unknown', 'nothing', 'Nothing is known of it. As a number of few digits it counts as one of yours.')
}

function correctEndpoint(request: Request): Answer {
  const { settings, method, search, body } = request
  if (method === 'GET') return ok({ endpoints: settings.endpoints })
  const name = String(body['endpoint'] ?? search.get('endpoint'))
  const found = settings.endpoints.find(one => one.endpoint === name && one.station === Number(body['station'] ?? search.get('station')))
  if (!found) return refused(404, 'not-found', '')
  const before = found.correction
  const correction = method === 'PUT' ? { decided: body['class'] ?? 'device', number: body['number'] ?? '', note: body['note'] ?? '', made: new Date().toISOString() } as Endpoint['correction'] : null
  Object.assign(found, { correction, class: correction?.decided ?? found.learned, number: correction?.number || found.number })
  note(request, correction ? 'correction.set' : 'correction.remove', `office ${name}`, before && { ...before, made: undefined }, correction && { ...correction, made: undefined })
  return ok(inForce())
}

function correctNumber(request: Request): Answer {
  const { settings, method, search, body } = request
  if (method === 'GET') return ok({ numbers: settings.numbers })
  const number = String(body['number'] ?? search.get('number'))
  const station = Number(body['station'] ?? search.get('station'))
  let found = settings.numbers.find(one => one.number === number && one.station === station)
  if (!found) {
    found = { station, number, name: '', kind: 'did', how: 'seen', first_seen: null, last_seen: null, correction: null }
    settings.numbers.push(found)
  }
  const before = found.correction
  found.correction = method === 'PUT' ? { decided: body['kind'] ?? 'did', number: '', note: body['note'] ?? '', made: new Date().toISOString() } : null
  note(request, found.correction ? 'correction.set' : 'correction.remove', `office ${number}`, before, found.correction)
  return ok(inForce())
}

function references(request: Request): Answer {
  const { settings, method, body } = request
  if (method === 'GET') return ok({ names: settings.references })
  const next = body['names'] as unknown as string[]
  note(request, 'references.set', next.join(' '), settings.references, next)
  settings.references = next
  return ok({ names: next, in_force: inForce() })
}

function trunkPairs(request: Request): Answer {
  const { settings, method, search, body } = request
  if (method === 'GET') return ok({ pairs: settings.pairs })
  const of = (key: string) => String(body[key] ?? search.get(key))
  let pair = settings.pairs.find(one => of('endpoint') === one.endpoint && of('peer_endpoint') === one.peer_endpoint)
  if (!pair && method === 'PUT') {
    pair = { pbx: Number(of('pbx')), endpoint: of('endpoint'), peer: Number(of('peer')), peer_endpoint: of('peer_endpoint'), state: 'proposed', note: '', made: null, certain: 0, likely: 0, possible: 0, last_seen: null }
    settings.pairs.push(pair)
  }
  if (!pair) return refused(404, 'not-found', '')
  const before = pair.made ? { ...pair } : null
  Object.assign(pair, method === 'PUT' ? { state: body['state'], note: body['note'] ?? '', made: new Date().toISOString() } : { state: 'proposed', made: null })
  note(request, method === 'PUT' ? 'trunk-pair.set' : 'trunk-pair.remove', `office ${pair.endpoint}, warehouse ${pair.peer_endpoint}`, before && { state: before.state, note: before.note }, method === 'PUT' ? { state: pair.state, note: pair.note } : null)
  return ok(inForce())
}

function listAudit({ settings, session, search }: Request): Answer {
  if (session.user.role !== 'administrator') return refused(403, 'forbidden', '')
  const before = Number(search.get('before') ?? Number.MAX_SAFE_INTEGER)
  const action = search.get('action')
  const limit = Number(search.get('limit') ?? 100)
  const fits = settings.audit.filter(one => one.id < before && (!action || one.action === action || one.action.split('.')[0] === action))
  return ok({ entries: fits.slice(0, limit), next: fits.length > limit ? fits[limit - 1]?.id : null })
}
