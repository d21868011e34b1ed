import { addDays, dayOf, dayStart, type Day } from '../format/zone.ts'

/** What the address of every page can say: the period and the queues one looks at. */
export interface Scope {
  period?: Period
  from?: Day
  to?: Day
  queue?: number[]
}
export type Period = 'today' | 'yesterday' | '7d' | '30d' | 'custom'
export const presets: Exclude<Period, 'custom'>[] = ['today', 'yesterday', '7d', '30d']

/** What the address of the journal says on top. */
export interface JournalSearch {
  number?: string
  operator?: number
  person?: number
  tag?: number
  /** NAME or NAME:VALUE of a leg's variable or field. */
  attribute?: string
  pbx?: number
  result?: string
  direction?: string
  /** A moment of the open call, in ms from its start. */
  at?: number
  /** The open call has the whole width. */
  wide?: boolean
}

/** What the address of the team's day says on top. */
export interface TeamSearch {
  view?: 'table'
  /** The operator whose states are listed. */
  who?: number
}

/** What the address of the missed callers says on top. */
export interface MissedSearch {
  /** Also those that were spoken with. */
  all?: boolean
  find?: string
}

/** What the addresses of the settings say on top. */
export interface SettingsSearch {
  find?: string
  station?: number
  /** The endpoint that is open: the PBX and its name there. */
  of?: number
  endpoint?: string
  class?: EndpointClass
  corrected?: boolean
  /** The kind of changes. */
  kind?: string
  /** The import that is open. */
  run?: string
}
export const endpointClasses = ['device', 'trunk', 'unknown'] as const
export type EndpointClass = (typeof endpointClasses)[number]

export const directions = ['inbound', 'outbound', 'internal'] as const
export const dispositions = ['answered', 'abandoned', 'timeout', 'join_empty', 'leave_empty', 'voicemail', 'no_answer', 'busy', 'rejected', 'failed'] as const

type Raw = Record<string, unknown>
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const oneOf = <T extends string>(value: unknown, all: readonly T[]) => all.find(one => one === value)
const whole = (value: unknown) => {
  const number = Number(text(value) ?? (typeof value === 'number' ? value : Number.NaN))
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined
}
const day = (value: unknown) => {
  const given = text(value)
  return given && /^\d{4}-\d\d-\d\d$/.test(given) && !Number.isNaN(Date.parse(given)) ? given : undefined
}

/** Addresses are typed, cut and shared by people: what makes no sense is left out, never an error. */
export function readScope(raw: Raw): Scope {
  const from = day(raw['from'])
  const to = day(raw['to'])
  const list = Array.isArray(raw['queue']) ? raw['queue'] : (text(raw['queue'])?.split(',') ?? [])
  const queue = list.map(whole).filter(id => id !== undefined)
  const scope: Scope = {}
  if (from && to) Object.assign(scope, { period: 'custom', from: from < to ? from : to, to: from < to ? to : from })
  else if (oneOf(raw['period'], presets)) scope.period = oneOf(raw['period'], presets)
  if (queue.length > 0) scope.queue = queue
  return scope
}

export function readJournal(raw: Raw): JournalSearch {
  const all: JournalSearch = {
    number: text(raw['number']),
    operator: whole(raw['operator']),
    person: whole(raw['person']),
    tag: whole(raw['tag']),
    attribute: text(raw['attribute']),
    pbx: whole(raw['pbx']),
    result: oneOf(raw['result'], dispositions),
    direction: oneOf(raw['direction'], directions),
    at: whole(raw['at']),
    wide: raw['wide'] === true || raw['wide'] === '1' ? true : undefined,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

export function readSettings(raw: Raw): SettingsSearch {
  const all: SettingsSearch = {
    find: text(raw['find']),
    station: whole(raw['station']),
    of: whole(raw['of']),
    endpoint: text(raw['endpoint']),
    class: oneOf(raw['class'], endpointClasses),
    corrected: raw['corrected'] === true || raw['corrected'] === '1' ? true : undefined,
    kind: text(raw['kind']),
    run: text(raw['run']),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

export function readTeam(raw: Raw): TeamSearch {
  const view = oneOf(raw['view'], ['table'] as const)
  const who = whole(raw['who'])
  return { ...(view && { view }), ...(who !== undefined && { who }) }
}

export function readMissed(raw: Raw): MissedSearch {
  const find = text(raw['find'])
  return { ...((raw['all'] === true || raw['all'] === '1') && { all: true }), ...(find && { find }) }
}

export function parseSearch(search: string): Raw {
  return Object.fromEntries(new URLSearchParams(search))
}

export function writeSearch(search: Raw): string {
  const out = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '' || value === false) continue
    if (key === 'period' && (value === 'today' || value === 'custom')) continue
    out.set(key, Array.isArray(value) ? value.join(',') : value === true ? '1' : String(value))
  }
  const written = out.toString().replaceAll('%2C', ',')
  return written ? `?${written}` : ''
}

export interface Span {
  first: Day
  last: Day
  /** Instants, half open: what the API is asked for. */
  from: string
  to: string
}

/** The days that the scope means for someone whose today is `today`, and the instants they cover in the zone. */
export function spanOf(scope: Scope, today: Day, zone: string): Span {
  const [first, last] = days(scope, today)
  return { first, last, from: dayStart(first, zone).toISOString(), to: dayStart(addDays(last, 1), zone).toISOString() }
}

function days(scope: Scope, today: Day): [Day, Day] {
  switch (scope.period) {
    case 'yesterday':
      return [addDays(today, -1), addDays(today, -1)]
    case '7d':
      return [addDays(today, -6), today]
    case '30d':
      return [addDays(today, -29), today]
    case 'custom':
      return [scope.from ?? today, scope.to ?? today]
    default:
      return [today, today]
  }
}

/** The period of a single day, in the shortest words for it. */
export function scopeOfDay(day: Day, today: Day): Pick<Scope, 'period' | 'from' | 'to'> {
  if (day === today) return { period: undefined, from: undefined, to: undefined }
  if (day === addDays(today, -1)) return { period: 'yesterday', from: undefined, to: undefined }
  return { period: 'custom', from: day, to: day }
}

export const todayIn = (zone: string) => dayOf(Date.now(), zone)
