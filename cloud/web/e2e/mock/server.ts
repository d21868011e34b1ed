import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { Right } from '../../src/api/rights.ts'
import type { Import, PBXCoverage, Session } from '../../src/api/types.ts'
import { matches } from '../../src/journal/rows.ts'
import { directory, freshCall, month, type MockCall, pbxs } from './data.ts'
import { differencesOf, makeImports } from './imports.ts'
import { answerReports, type View, worker } from './reports.ts'
import { statesOfDay } from './team.ts'
import { type Letters, makeLetters, post } from './letters.ts'
import { makeSettings, type Settings, settle } from './settings.ts'

/*
 * The built portal and just enough of the API to use it without a cloud: for browser tests of the pages alone, for
 * screenshots and for looking. It sends the same content policy as the real server (handler.go).
 */

export interface People { login: string; password: string }
export const people = {
  administrator: { login: 'admin@example.com', password: 'mock' },
  supervisor: { login: 'supervisor@example.com', password: 'mock' },
  operator: { login: 'operator@example.com', password: 'mock' },
  vendor: { login: 'vendor', password: 'mock' },
} satisfies Record<string, People>

const supervisor: Right[] = ['calls.read', 'events.read', 'reports.read', 'states.read', 'export', 'schedule', 'numbers.read', 'tags.write', 'pbxs.read', 'settings.read', 'tokens.write']
const rightsOf: Record<keyof typeof people, Right[]> = {
  administrator: [...supervisor, 'unwatched.read', 'pbxs.write', 'settings.write', 'policies.write', 'users.write', 'audit.read'],
  supervisor,
  operator: ['calls.read', 'states.read', 'numbers.read', 'tags.write'],
  vendor: [],
}

const names: Record<keyof typeof people, string> = { administrator: 'Vera Romanova', supervisor: 'Stepan Krylov', operator: 'Anna Orlova', vendor: 'Vadim Noor' }

export interface Mock {
  url: string
  /** Begins a call and tells everybody who listens. */
  ring(): MockCall
  /** Ends it. */
  hangUp(call: MockCall): void
  /** Answers everything with an error until it is called again. */
  breakDown(broken: boolean): void
  close(): Promise<void>
}

interface State {
  calls: MockCall[]
  pbxs: ReturnType<typeof pbxs>
  settings: Settings
  views: View[]
  letters: Letters
  imports: Import[]
  sessions: Map<string, Session>
  listeners: Set<ServerResponse>
  broken: boolean
}

export async function startMock(port = 0): Promise<Mock> {
  const now = Date.now()
  const state: State = { calls: month(now), pbxs: pbxs(now), settings: makeSettings(now), views: [], letters: makeLetters(now), imports: makeImports(now), sessions: new Map(), listeners: new Set(), broken: false }
  const server = createServer((request, response) => void route(state, request, response))
  await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  let rung = 0
  const tell = (id: string) => {
    for (const listener of state.listeners) listener.write(`event: calls\ndata: ${JSON.stringify({ ids: [id] })}\n\n`)
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ring() {
      const call = freshCall(Date.now(), ++rung)
      state.calls.unshift(call)
      tell(call.row.id)
      return call
    },
    hangUp(call) {
      Object.assign(call.row, { open: false, end: new Date().toISOString(), disposition: 'abandoned', hangup_by: 'caller' })
      tell(call.row.id)
    },
    breakDown(broken) {
      state.broken = broken
      if (broken) for (const listener of state.listeners) listener.destroy()
    },
    close: () => close(server, state),
  }
}

async function close(server: Server, state: State): Promise<void> {
  for (const listener of state.listeners) listener.destroy()
  server.closeAllConnections()
  await new Promise(done => server.close(done))
}

async function route(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://mock')
  if (!url.pathname.startsWith('/api/')) return page(url.pathname, response)
  if (state.broken) return problem(response, 503, 'unavailable', '')
  const body = await readBody(request)
  const path = url.pathname.replace('/api/v1', '')
  const cookie = /callweave=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const session = state.sessions.get(cookie)
  if (path === '/session' && request.method === 'POST') return logIn(state, body, response)
  if (!session) return problem(response, 401, 'signed-out', 'Sign in first.')
  if (path === '/session') return sessionAction(state, request.method, cookie, session, body, response)
  if (session.realm === 'vendor') return vendor(state, path, response)
  if (path === '/directory') return json(response, 200, directory)
  if (path === '/coverage') return coverage(state, url.searchParams, response)
  if (path === '/tags' && request.method === 'GET') return json(response, 200, { tags: state.settings.counting.tags })
  if (path === '/calls/changes') return stream(state, request, response)
  if (path === '/calls') return list(state, session, url.searchParams, response)
  const events = /^\/calls\/([^/]+)\/events$/.exec(path)
  if (events) return listEvents(find(state, events[1]), url.searchParams, response)
  const tagged = find(state, /^\/calls\/([^/]+)\/tags$/.exec(path)?.[1])
  if (tagged) {
    tagged.row.tags = (body as { tags?: number[] }).tags ?? []
    return json(response, 200, { tags: tagged.row.tags })
  }
  const call = /^\/calls\/([^/]+)$/.exec(path)
  if (call) {
    const found = find(state, call[1])
    return found ? json(response, 200, { call: found.row, story: found.story }) : problem(response, 404, 'not-found', '')
  }
  if (session.user.role === 'operator') return problem(response, 403, 'forbidden', '')
  if (path === '/operator-states') return listStates(url.searchParams, response)
  if (path.startsWith('/imports')) return imports(state, request.method, path, response)
  const posted = post(state.letters, session, request.method ?? 'GET', path, body)
  if (posted && 'code' in posted) return problem(response, posted.status, posted.code, posted.detail)
  if (posted) return posted.body === undefined ? void response.writeHead(posted.status).end() : json(response, posted.status, posted.body)
  const reported = answerReports(state.views, request.method ?? 'GET', path, body)
  if (reported) return reported.body === undefined ? void response.writeHead(reported.status).end() : json(response, reported.status, reported.body)
  const settled = settle(state.settings, session, request.method ?? 'GET', path, url.searchParams, body)
  if (settled && 'code' in settled) return problem(response, settled.status, settled.code, settled.detail, settled.fields)
  if (settled && settled.text !== undefined) return void response.writeHead(200, { 'Content-Type': 'text/csv', 'Content-Disposition': 'attachment' }).end(settled.text)
  if (settled) return settled.body === undefined ? void response.writeHead(settled.status).end() : json(response, settled.status, settled.body)
  return pbxAction(state, request.method, path, body, response)
}

const find = (state: State, id: string | undefined) => state.calls.find(call => call.row.id === id)

function logIn(state: State, body: Record<string, string>, response: ServerResponse): void {
  const role = (Object.keys(people) as (keyof typeof people)[]).find(one => people[one].login === body['login'] && people[one].password === body['password'])
  if (!role) return problem(response, 401, 'wrong-password', 'Login or password is wrong.')
  const vendorRealm = role === 'vendor'
  const session: Session = {
    user: { id: randomBytes(8).toString('hex'), name: names[role], login: people[role].login, role: vendorRealm ? 'staff' : role, role_name: '', language: 'en', operator: role === 'operator' ? 1 : null, person: null },
    rights: rightsOf[role],
    sees: role === 'vendor' ? 'nothing' : role === 'operator' ? 'own' : 'all',
    tenant: vendorRealm ? null : { id: '1', name: 'Northwind Trading', zone: 'Europe/Moscow' },
    realm: vendorRealm ? 'vendor' : 'tenant',
  }
  const token = randomBytes(16).toString('hex')
  state.sessions.set(token, session)
  response.setHeader('Set-Cookie', `callweave=${token}; Path=/; HttpOnly; SameSite=Lax`)
  json(response, 200, session)
}

function sessionAction(state: State, method: string | undefined, cookie: string, session: Session, body: Record<string, string>, response: ServerResponse): void {
  if (method === 'DELETE') {
    state.sessions.delete(cookie)
    response.writeHead(204).end()
    return
  }
  if (method === 'PATCH') session.user.language = body['language'] === 'ru' ? 'ru' : 'en'
  json(response, 200, session)
}

function list(state: State, session: Session, search: URLSearchParams, response: ServerResponse): void {
  const many = (key: string) => search.get(key)?.split(',')
  const numbers = (key: string) => many(key)?.map(Number)
  const filter = {
    from: search.get('from') ?? undefined, to: search.get('to') ?? undefined, number: search.get('number') ?? undefined,
    queue: numbers('queue'), operator: session.user.operator === null ? numbers('operator') : [session.user.operator], person: numbers('person'), pbx: numbers('pbx'),
    disposition: many('disposition') as never, direction: many('direction') as never,
  }
  const attribute = search.get('attribute')
  const ids = many('id')
  const fits = state.calls.filter(call => !ids || ids.includes(call.row.id)).filter(call => !attribute || hasAttribute(call, attribute)).map(call => call.row).filter(row => matches(row, filter)).sort((a, b) => Date.parse(b.start) - Date.parse(a.start))
  const from = Number(search.get('cursor') ?? 0)
  const limit = Number(search.get('limit') ?? 100)
  json(response, 200, { calls: fits.slice(from, from + limit), next: from + limit < fits.length ? String(from + limit) : null, ...(from === 0 && { total: fits.length }) })
}

function hasAttribute({ story }: MockCall, wanted: string): boolean {
  const [, name = '', value] = /^([^:]*)(?::(.*))?$/.exec(wanted) ?? []
  return (story.legs ?? []).some(({ attributes = {} }) => name in attributes && (value === undefined || attributes[name] === value))
}

function listEvents(call: MockCall | undefined, search: URLSearchParams, response: ServerResponse): void {
  if (!call) return problem(response, 404, 'not-found', '')
  const from = Number(search.get('after') ?? 0)
  const limit = Math.min(Number(search.get('limit') ?? 500), 150)
  json(response, 200, { events: call.events.slice(from, from + limit), next: from + limit < call.events.length ? String(from + limit) : null })
}

function coverage(state: State, search: URLSearchParams, response: ServerResponse): void {
  const from = Date.parse(search.get('from') ?? '')
  const to = Math.min(Date.parse(search.get('to') ?? ''), Date.now())
  const pbxs = state.pbxs.map(({ id, name, agent, gaps }): PBXCoverage => {
    const missing = gaps.map(gap => ({ gap, from: Math.max(Date.parse(gap.from), from), to: Math.min(Date.parse(gap.to), to) })).filter(one => one.to > one.from).toReversed()
      .map(one => ({ from: new Date(one.from).toISOString(), to: new Date(one.to).toISOString(), seconds: (one.to - one.from) / 1000, reasons: [one.gap.reason], events: one.gap.events, estimated: one.gap.events === 0 }))
    const seconds = agent ? (to - from) / 1000 : 0
    const covered = seconds - missing.reduce((sum, one) => sum + one.seconds, 0)
    return { id, name, since: agent ? new Date(from).toISOString() : null, seconds, covered_seconds: covered, share: seconds > 0 ? covered / seconds : null, events_lost: missing.reduce((sum, one) => sum + one.events, 0), intervals: missing.length, missing }
  })
  json(response, 200, { from: new Date(from).toISOString(), to: new Date(to).toISOString(), pbxs })
}

function imports(state: State, method: string | undefined, path: string, response: ServerResponse): void {
  if (method === 'POST') {
    const [first] = makeImports(Date.now())
    if (first) state.imports.unshift({ ...first, id: '00000000-0000-4000-8000-000000000009', state: 'running', started: new Date().toISOString(), ended: null, files: [], counts: { ...first.counts, calls: 0, shown: 0, unknown: [] } })
    return json(response, 202, { id: '00000000-0000-4000-8000-000000000009' })
  }
  const id = /^\/imports\/([^/]+)\/differences$/.exec(path)?.[1]
  if (!id) return json(response, 200, { imports: state.imports })
  const run = state.imports.find(one => one.id === id)
  if (!run) return problem(response, 404, 'not-found', '')
  json(response, 200, { differences: differencesOf(run, state.calls[0]?.row.id ?? ''), more: false })
}

function listStates(search: URLSearchParams, response: ServerResponse): void {
  const from = Number(search.get('cursor') ?? 0)
  const all = statesOfDay(Date.parse(search.get('from') ?? ''), Date.now())
  json(response, 200, { states: all.slice(from, from + 300), next: from + 300 < all.length ? String(from + 300) : null })
}

function stream(state: State, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).write(': hello\n\n')
  state.listeners.add(response)
  request.on('close', () => state.listeners.delete(response))
}

function pbxAction(state: State, method: string | undefined, path: string, body: Record<string, string>, response: ServerResponse): void {
  const token = 'eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJodHRwczovL2NhbGx3ZWF2ZS5leGFtcGxlIn0.c2lnbmF0dXJl'
  const enrolment = (pbx: { id: number; name: string; station: string }) => ({
    pbx, token, command: `curl -fsS https://callweave.example:8443/install.sh | sh -s -- --token ${token}`, expires: new Date(Date.now() + 900_000).toISOString(),
  })
  if (path === '/pbxs' && method === 'GET') return json(response, 200, { pbxs: state.pbxs })
  if (path === '/pbxs') {
    const name = body['name'] ?? ''
    if (state.pbxs.some(p => p.name === name)) return problem(response, 409, 'name-taken', 'A PBX of this name exists. Choose another name.')
    const added = { id: state.pbxs.length + 1, name, station: body['station'] ?? name, asterisk: '', agent: null, gaps: [] }
    state.pbxs.push(added)
    return json(response, 201, enrolment(added))
  }
  const again = /^\/pbxs\/(\d+)\/token$/.exec(path)
  const pbx = state.pbxs.find(p => p.id === Number(again?.[1]))
  if (pbx) return json(response, 201, enrolment(pbx))
  const revoked = /^\/agents\/([^/]+)\/revoke$/.exec(path)
  const agent = state.pbxs.find(p => p.agent?.id === revoked?.[1])?.agent
  if (!agent) return problem(response, 404, 'not-found', '')
  Object.assign(agent, { revoked: new Date().toISOString(), connected: null })
  response.writeHead(204).end()
}

function vendor(state: State, path: string, response: ServerResponse): void {
  const created = new Date(Date.now() - 90 * 86_400_000).toISOString()
  const tenants = [
    { id: 't1', slug: 'northwind', name: 'Northwind Trading', zone: 'Europe/Moscow', suspended: null, created, agents: 2, connected: 2 },
    { id: 't2', slug: 'pacific', name: 'Pacific Freight', zone: 'Asia/Vladivostok', suspended: null, created, agents: 1, connected: 0 },
    { id: 't3', slug: 'oldco', name: 'Old Company', zone: 'Europe/Berlin', suspended: created, created, agents: 0, connected: 0 },
  ]
  if (path === '/console/tenants') return json(response, 200, { tenants })
  if (path !== '/console/agents') return problem(response, 403, 'forbidden', '')
  const agents = state.pbxs.flatMap(({ id, agent }) => (agent ? [{ ...agent, tenant: 't1', pbx: id }] : []))
  const away = agents[0] && { ...agents[0], id: 'away', tenant: 't2', pbx: 1, connected: null, findings: [] }
  json(response, 200, { agents: away ? [...agents, away] : agents })
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

function problem(response: ServerResponse, status: number, code: string, detail: string, fields?: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify({ status, code, detail, fields, title: code, type: `urn:callweave:problem:${code}` }))
}

async function readBody(request: IncomingMessage): Promise<Record<string, string>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  if (request.headers['content-type'] === 'text/csv') return { csv: text }
  return text && request.headers['content-type'] === 'application/json' ? (JSON.parse(text) as Record<string, string>) : {}
}

const dist = join(import.meta.dirname, '../../dist')
const types: Record<string, string> = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.wasm': 'application/wasm' }

function page(path: string, response: ServerResponse): void {
  if (/\/worker-[^/]+\.js$/.test(path)) return void response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' }).end(worker)
  const kind = types[extname(path)]
  if (kind) {
    try {
      const file = readFileSync(join(dist, normalize(path)))
      response.writeHead(200, { 'Content-Type': kind }).end(file)
    } catch {
      response.writeHead(404).end()
    }
    return
  }
  const nonce = randomBytes(12).toString('hex')
  const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy })
  response.end(readFileSync(join(dist, 'index.html'), 'utf8').replaceAll('__CSP_NONCE__', nonce))
}
