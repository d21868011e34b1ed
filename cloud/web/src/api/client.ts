import createClient from 'openapi-fetch'
import type { Story } from '../call/story.ts'
import type { Catalogue, Query } from '../reports/contract.ts'
import type { operations, paths } from './schema.ts'
import type { BindingBody, Calendar, CallRow, CityNumber, EndpointCorrection, EventPage, ExtenRule, Group, Language, MailBody, NumberCorrection, OperatorState, PolicyBody, Prefix, QueueSettings, Reason, ReportQuery, ScheduleBody, Shift, Tag, TrunkLine, TrunkPairDecision, ViewBody } from './types.ts'

/** An answer that is not what was asked for, in the words of the server (problem+json) where it had any. */
export class Problem extends Error {
  readonly status: number
  /** What happened, for machines. */
  readonly code: string
  /** What is wrong with which part of what was sent. */
  readonly fields: { location: string; message: string }[]
  constructor(status: number, code: string, detail: string, fields: { location: string; message: string }[] = []) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.fields = fields
  }
  /** No answer at all: the network or the server is away. */
  get offline(): boolean {
    return this.status === 0
  }
}

const client = createClient<paths>({
  baseUrl: '',
  credentials: 'same-origin',
  headers: { Accept: 'application/json' },
  querySerializer: { array: { style: 'form', explode: false } },
})

type Answer<T> = { data?: T; error?: { code?: string; detail?: string; fields?: { location: string; message: string }[] | null } | undefined; response: Response }

/** Waits for an answer; everything but success is thrown as a Problem. */
async function settle<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await asked
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new Problem(0, 'offline', '')
  }
  if (!answer.response.ok) throw new Problem(answer.response.status, answer.error?.code ?? '', answer.error?.detail ?? '', answer.error?.fields ?? [])
  return answer.data as T
}

export type CallFilter = Omit<NonNullable<operations['list-calls']['parameters']['query']>, 'cursor' | 'limit'>

/** A day of some hundred operators has some ten thousand states; more than this many thousand are not drawn. */
const mostStatePages = 40
type StateKind = Exclude<OperatorState['kind'], 'unknown'>

/** Every question the portal asks. Nothing else fetches but the worker that computes reports. */
export const api = {
  session: (signal?: AbortSignal) => settle(client.GET('/api/v1/session', { signal })),
  logIn: (login: string, password: string) => settle(client.POST('/api/v1/session', { body: { login, password } })),
  logOut: () => settle(client.DELETE('/api/v1/session')),
  setLanguage: (language: Language) => settle(client.PATCH('/api/v1/session', { body: { language } })),
  directory: (signal?: AbortSignal) => settle(client.GET('/api/v1/directory', { signal })),
  coverage: (from: string, to: string, signal?: AbortSignal) => settle(client.GET('/api/v1/coverage', { params: { query: { from, to } }, signal })),
  people: (signal?: AbortSignal) => settle(client.GET('/api/v1/people', { signal })),
  calls: (filter: CallFilter, limit: number, cursor: string | undefined, signal?: AbortSignal) =>
    settle(client.GET('/api/v1/calls', { params: { query: { ...filter, limit, cursor } }, signal })),
  /** The story has a shape of its own (story.ts), which the API's description leaves open. */
  call: async (id: string, signal?: AbortSignal): Promise<{ call: CallRow; story: Story }> => {
    const { call, story } = await settle(client.GET('/api/v1/calls/{id}', { params: { path: { id } }, signal }))
    return { call, story: story as unknown as Story }
  },
  events: async (id: string, after: string | undefined, limit: number, signal?: AbortSignal): Promise<EventPage> => {
    const { events, next } = await settle(client.GET('/api/v1/calls/{id}/events', { params: { path: { id }, query: { after, limit } }, signal }))
    return { events: events ?? [], next } // servers have said null for none
  },
  pbxs: (signal?: AbortSignal) => settle(client.GET('/api/v1/pbxs', { signal })),
  addPBX: (name: string, station: string | undefined) => settle(client.POST('/api/v1/pbxs', { body: { name, station } })),
  newToken: (id: number) => settle(client.POST('/api/v1/pbxs/{id}/token', { params: { path: { id } } })),
  revoke: (id: string, why: string) => settle(client.POST('/api/v1/agents/{id}/revoke', { params: { path: { id } }, body: { why } })),
  addPerson: (name: string, note: string) => settle(client.POST('/api/v1/people', { body: { name, note } })),
  changePerson: (id: number, name: string, note: string) => settle(client.PUT('/api/v1/people/{id}', { params: { path: { id } }, body: { name, note } })),
  removePerson: (id: number) => settle(client.DELETE('/api/v1/people/{id}', { params: { path: { id } } })),
  bind: (body: BindingBody) => settle(client.POST('/api/v1/bindings', { body })),
  rebind: (id: number, body: BindingBody) => settle(client.PUT('/api/v1/bindings/{id}', { params: { path: { id } }, body })),
  unbind: (id: number) => settle(client.DELETE('/api/v1/bindings/{id}', { params: { path: { id } } })),
  stations: (signal?: AbortSignal) => settle(client.GET('/api/v1/stations', { signal })),
  endpoints: (signal?: AbortSignal) => settle(client.GET('/api/v1/endpoints', { signal })),
  correctEndpoint: (body: EndpointCorrection) => settle(client.PUT('/api/v1/endpoints/correction', { body })),
  uncorrectEndpoint: (station: number, endpoint: string) => settle(client.DELETE('/api/v1/endpoints/correction', { params: { query: { station, endpoint } } })),
  numbers: (signal?: AbortSignal) => settle(client.GET('/api/v1/numbers', { signal })),
  correctNumber: (body: NumberCorrection) => settle(client.PUT('/api/v1/numbers/correction', { body })),
  uncorrectNumber: (station: number, number: string) => settle(client.DELETE('/api/v1/numbers/correction', { params: { query: { station, number } } })),
  rules: (id: number, signal?: AbortSignal) => settle(client.GET('/api/v1/stations/{id}/rules', { params: { path: { id } }, signal })),
  setRules: (id: number, rules: ExtenRule[]) => settle(client.PUT('/api/v1/stations/{id}/rules', { params: { path: { id } }, body: { rules } })),
  judge: (id: number, number: string, signal?: AbortSignal) => settle(client.GET('/api/v1/stations/{id}/number', { params: { path: { id }, query: { number } }, signal })),
  references: (signal?: AbortSignal) => settle(client.GET('/api/v1/references', { signal })),
  setReferences: (names: string[]) => settle(client.PUT('/api/v1/references', { body: { names } })),
  trunkPairs: (signal?: AbortSignal) => settle(client.GET('/api/v1/trunk-pairs', { signal })),
  setTrunkPair: (body: TrunkPairDecision) => settle(client.PUT('/api/v1/trunk-pairs', { body })),
  removeTrunkPair: (query: Pick<TrunkPairDecision, 'pbx' | 'endpoint' | 'peer' | 'peer_endpoint'>) => settle(client.DELETE('/api/v1/trunk-pairs', { params: { query } })),
  imports: (signal?: AbortSignal) => settle(client.GET('/api/v1/imports', { signal })),
  /** Files go as a form; the description knows no files, only strings. */
  importLogs: (form: FormData) => settle(client.POST('/api/v1/imports', { body: form as never, bodySerializer: () => form })),
  importDifferences: (id: string, after: number, limit: number, signal?: AbortSignal) => settle(client.GET('/api/v1/imports/{id}/differences', { params: { path: { id }, query: { after, limit } }, signal })),
  audit: (action: string | undefined, before: number | undefined, limit: number, signal?: AbortSignal) => settle(client.GET('/api/v1/audit', { params: { query: { action, before, limit } }, signal })),
  /** All states of a period, the latest first, page by page up to a bound; `cut` says that there are more. */
  operatorStates: async (from: string, to: string, signal?: AbortSignal): Promise<{ states: OperatorState[]; cut: boolean }> => {
    const kind: StateKind[] = ['logged_in', 'paused', 'wrap_up', 'ringing', 'busy', 'on_hold', 'idle', 'unreachable']
    const states: OperatorState[] = []
    let cursor: string | undefined
    for (let page = 0; page < mostStatePages; page++) {
      // oxlint-disable-next-line no-await-in-loop -- a page is known by the one before
      const answer = await settle(client.GET('/api/v1/operator-states', { params: { query: { from, to, kind, limit: 1000, cursor } }, signal }))
      states.push(...answer.states)
      if (!answer.next) return { states, cut: false }
      cursor = answer.next
    }
    return { states, cut: true }
  },
  zone: (signal?: AbortSignal) => settle(client.GET('/api/v1/zone', { signal })),
  setZone: (zone: string) => settle(client.PUT('/api/v1/zone', { body: { zone } })),
  queues: (signal?: AbortSignal) => settle(client.GET('/api/v1/queues', { signal })),
  setQueue: ({ id, name, zone, calendar }: Pick<QueueSettings, 'id' | 'name' | 'zone' | 'calendar'>) => settle(client.PUT('/api/v1/queues/{id}', { params: { path: { id } }, body: { name, zone, calendar } })),
  groups: (signal?: AbortSignal) => settle(client.GET('/api/v1/groups', { signal })),
  setGroup: ({ id, ...body }: Group) => settle(id ? client.PUT('/api/v1/groups/{id}', { params: { path: { id } }, body }) : client.POST('/api/v1/groups', { body })),
  removeGroup: (id: number) => settle(client.DELETE('/api/v1/groups/{id}', { params: { path: { id } } })),
  calendars: (signal?: AbortSignal) => settle(client.GET('/api/v1/calendars', { signal })),
  setCalendar: ({ id, ...body }: Calendar) => settle(id ? client.PUT('/api/v1/calendars/{id}', { params: { path: { id } }, body }) : client.POST('/api/v1/calendars', { body })),
  removeCalendar: (id: number) => settle(client.DELETE('/api/v1/calendars/{id}', { params: { path: { id } } })),
  policies: (signal?: AbortSignal) => settle(client.GET('/api/v1/policies', { signal })),
  setPolicy: (id: number, body: PolicyBody) => settle(id ? client.PUT('/api/v1/policies/{id}', { params: { path: { id } }, body }) : client.POST('/api/v1/policies', { body })),
  removePolicy: (id: number) => settle(client.DELETE('/api/v1/policies/{id}', { params: { path: { id } } })),
  reasons: (signal?: AbortSignal) => settle(client.GET('/api/v1/reasons', { signal })),
  setReason: (body: Reason) => settle(client.PUT('/api/v1/reasons', { body })),
  removeReason: (reason: string) => settle(client.DELETE('/api/v1/reasons', { params: { query: { reason } } })),
  tags: (signal?: AbortSignal) => settle(client.GET('/api/v1/tags', { signal })),
  setTag: ({ id, name, retired }: Tag) => settle(id ? client.PUT('/api/v1/tags/{id}', { params: { path: { id } }, body: { name, retired } }) : client.POST('/api/v1/tags', { body: { name, retired } })),
  removeTag: (id: number) => settle(client.DELETE('/api/v1/tags/{id}', { params: { path: { id } } })),
  tagCall: (id: string, tags: number[]) => settle(client.PUT('/api/v1/calls/{id}/tags', { params: { path: { id } }, body: { tags } })),
  trunkLines: (signal?: AbortSignal) => settle(client.GET('/api/v1/trunks', { signal })),
  setTrunkLine: ({ id, name, lines }: TrunkLine) => settle(client.PUT('/api/v1/trunks/{id}', { params: { path: { id } }, body: { name, lines } })),
  dids: (signal?: AbortSignal) => settle(client.GET('/api/v1/dids', { signal })),
  setDID: ({ id, name }: CityNumber) => settle(client.PUT('/api/v1/dids/{id}', { params: { path: { id } }, body: { name } })),
  prefixes: (signal?: AbortSignal) => settle(client.GET('/api/v1/prefixes', { signal })),
  setPrefix: (body: Prefix) => settle(client.PUT('/api/v1/prefixes', { body })),
  removePrefix: (prefix: string) => settle(client.DELETE('/api/v1/prefixes', { params: { query: { prefix } } })),
  rosters: (from: string, to: string, signal?: AbortSignal) => settle(client.GET('/api/v1/rosters', { params: { query: { from, to } }, signal })),
  setRoster: (person: number, from: string, to: string, shifts: Omit<Shift, 'person'>[]) => settle(client.PUT('/api/v1/rosters', { body: { person, from, to, shifts } })),
  /** Changes a list by a CSV file; as a dry run it only tells what would change. */
  importList: (list: string, file: string, dry: boolean) =>
    settle(client.POST('/api/v1/lists/{list}', { params: { path: { list }, query: { dry_run: dry } }, body: file, bodySerializer: text => text, headers: { 'Content-Type': 'text/csv' } })),
  reports: async (signal?: AbortSignal) => (await settle(client.GET('/api/v1/reports', { signal }))) as unknown as Catalogue,
  /** Calls by their ids, in that order; those that the viewer may not see are left out. */
  callsByID: async (ids: string[], signal?: AbortSignal): Promise<CallRow[]> => {
    const { calls } = await settle(client.GET('/api/v1/calls', { params: { query: { id: ids, limit: ids.length } }, signal }))
    const rows = new Map((calls ?? []).map(row => [row.id, row]))
    return ids.flatMap(id => rows.get(id) ?? [])
  },
  /** A report as a file: its bytes and the name it wants. */
  exportReport: async (report: Query, format: 'csv' | 'xlsx' | 'parquet', search: string): Promise<{ file: Blob; name: string }> => {
    const body = { report: { ...report } as unknown as ReportQuery, format, search }
    const asked = client.POST('/api/v1/exports', { body, parseAs: 'blob', headers: { Accept: '*/*' } })
    const { response } = await asked.catch(() => ({ response: undefined }))
    const file = await settle(asked as Promise<Answer<Blob>>)
    const said = response?.headers.get('Content-Disposition') ?? ''
    const [, starred, plain] = /filename\*=utf-8''([^;]+)|filename="?([^";]+)"?/i.exec(said) ?? []
    return { file, name: starred ? decodeURIComponent(starred) : (plain ?? `${report.report}.${format}`) }
  },
  schedules: (signal?: AbortSignal) => settle(client.GET('/api/v1/schedules', { signal })),
  addSchedule: (body: ScheduleBody) => settle(client.POST('/api/v1/schedules', { body })),
  changeSchedule: (id: number, body: ScheduleBody) => settle(client.PUT('/api/v1/schedules/{id}', { params: { path: { id } }, body })),
  sendings: (id: number, signal?: AbortSignal) => settle(client.GET('/api/v1/schedules/{id}/sendings', { params: { path: { id } }, signal })),
  recipients: (signal?: AbortSignal) => settle(client.GET('/api/v1/recipients', { signal })),
  mail: (signal?: AbortSignal) => settle(client.GET('/api/v1/settings/mail', { signal })),
  setMail: (body: MailBody) => settle(client.PUT('/api/v1/settings/mail', { body })),
  removeMail: () => settle(client.DELETE('/api/v1/settings/mail')),
  testMail: (to: string) => settle(client.POST('/api/v1/settings/mail/test', { body: { to } })),
  removeSchedule: (id: number) => settle(client.DELETE('/api/v1/schedules/{id}', { params: { path: { id } } })),
  sendNow: (id: number) => settle(client.POST('/api/v1/schedules/{id}/send', { params: { path: { id } } })),
  factNames: (from: string, to: string, signal?: AbortSignal) => settle(client.GET('/api/v1/facts/names', { params: { query: { from, to } }, signal })),
  views: (signal?: AbortSignal) => settle(client.GET('/api/v1/views', { signal })),
  saveView: (body: ViewBody) => settle(client.POST('/api/v1/views', { body })),
  changeView: (id: number, body: ViewBody) => settle(client.PUT('/api/v1/views/{id}', { params: { path: { id } }, body })),
  removeView: (id: number) => settle(client.DELETE('/api/v1/views/{id}', { params: { path: { id } } })),
  favorView: (id: number, favorite: boolean) => settle(client.PUT('/api/v1/views/{id}/favorite', { params: { path: { id } }, body: { favorite } })),
  consoleTenants: (signal?: AbortSignal) => settle(client.GET('/api/v1/console/tenants', { signal })),
  consoleAgents: (signal?: AbortSignal) => settle(client.GET('/api/v1/console/agents', { signal })),
}

/** Where a list is as a CSV file. */
export const listURL = (list: string) => `/api/v1/lists/${list}`

/** Where the server says which calls changed. */
export const changesURL = '/api/v1/calls/changes'
