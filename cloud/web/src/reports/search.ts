import type { Filter, Policy } from './contract.ts'

/** What the address of a report says beyond the period and the queues. All of it may be left out. */
export interface ReportSearch {
  /** The period before is compared with. */
  compare?: boolean
  /** IANA, or "queue": each row by the clock of its own queue. */
  zone?: string
  by?: string[]
  count?: 'answer' | 'end'
  interval?: 5 | 15 | 30 | 60
  cols?: string[]
  sort?: string
  /** The measure that is drawn; "none": no chart. */
  draw?: string
  operators?: number[]
  people?: number[]
  groups?: number[]
  pbxs?: number[]
  stations?: number[]
  trunks?: number[]
  tags?: number[]
  dids?: string[]
  numbers?: string[]
  menu?: string[]
  directions?: string[]
  results?: string[]
  weekdays?: number[]
  hours?: 'open' | 'closed'
  days?: number
  same?: boolean
  /** What if: threshold.short.variant.shorts */
  policy?: string
  /** The figure whose calls are open: its keys and its column, as drillText writes them. */
  drill?: string
}

type Raw = Record<string, unknown>
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : (text(value)?.split(',') ?? [])).filter(Boolean)
const some = <T>(values: T[]): T[] | undefined => (values.length > 0 ? values : undefined)
const ids = (value: unknown) => some(list(value).map(Number).filter(id => Number.isSafeInteger(id) && id >= 0))
const words = (value: unknown) => some(list(value))
const codes = (value: unknown) => some(list(value).filter(one => /^[a-z0-9_]+$/.test(one)))
const yes = (value: unknown) => (value === true || value === '1' ? true : undefined)
const oneOf = <T extends string>(value: unknown, all: readonly T[]) => all.find(one => one === value)

/** What makes no sense is left out, never an error. */
export function readReport(raw: Raw): ReportSearch {
  const interval = ([5, 15, 30, 60] as const).find(one => one === Number(raw['interval']))
  const days = Number(raw['days'])
  const all: ReportSearch = {
    compare: yes(raw['compare']),
    zone: text(raw['zone']),
    by: codes(raw['by'])?.slice(0, 2),
    count: oneOf(raw['count'], ['answer', 'end'] as const),
    interval,
    cols: codes(raw['cols']),
    sort: /^-?[a-z0-9_]+$/.test(String(raw['sort'] ?? '')) ? String(raw['sort']) : undefined,
    draw: codes(raw['draw'])?.[0],
    operators: ids(raw['operators']), people: ids(raw['people']), groups: ids(raw['groups']), pbxs: ids(raw['pbxs']), stations: ids(raw['stations']), trunks: ids(raw['trunks']), tags: ids(raw['tags']),
    dids: words(raw['dids']), numbers: words(raw['numbers']), menu: words(raw['menu']), directions: codes(raw['directions']), results: codes(raw['results']),
    weekdays: some((ids(raw['weekdays']) ?? []).filter(day => day >= 1 && day <= 7)),
    hours: oneOf(raw['hours'], ['open', 'closed'] as const),
    days: Number.isSafeInteger(days) && days >= 1 && days <= 31 ? days : undefined,
    same: yes(raw['same']),
    policy: readPolicy(text(raw['policy'])) ? text(raw['policy']) : undefined,
    drill: text(raw['drill']),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** The policy that somebody tries out in place of the stored ones. */
export function readPolicy(written: string | undefined): Policy | undefined {
  const [threshold, short, variant, shorts] = (/^(\d{1,4})\.(\d{1,4})\.([1-5])\.([01])$/.exec(written ?? '') ?? []).slice(1).map(Number)
  if (threshold === undefined || short === undefined || variant === undefined || shorts === undefined) return undefined
  return { queue: 0, from: 0, threshold, short, variant, shorts, target: 0, call_back: 3600 }
}
export const writePolicy = (p: Pick<Policy, 'threshold' | 'short' | 'variant' | 'shorts'>) => `${p.threshold}.${p.short}.${p.variant}.${p.shorts}`

export function filterOf(search: ReportSearch, queue: number[] | undefined): Filter {
  return {
    queues: queue, operators: search.operators, people: search.people, groups: search.groups, pbxs: search.pbxs, stations: search.stations, trunks: search.trunks, tags: search.tags,
    dids: search.dids, numbers: search.numbers, ivr: search.menu, directions: search.directions, dispositions: search.results, weekdays: search.weekdays, hours: search.hours ?? '',
  }
}

/** The filters there are beside queues, by their names in the address. */
export const filterNames = ['operators', 'people', 'groups', 'pbxs', 'stations', 'trunks', 'tags', 'dids', 'numbers', 'menu', 'directions', 'results', 'weekdays', 'hours'] as const
export type FilterName = (typeof filterNames)[number]
