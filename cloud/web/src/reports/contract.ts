import type { components } from '../api/schema.ts'

/* What the engine is asked and answers: cloud/report has the same in Go. Times are ms since 1970. */

export type ReportNames = components['schemas']['ReportNames']
export type Section = 'calls' | 'numbers' | 'visits' | 'attempts' | 'segments' | 'transfers' | 'steps' | 'states' | 'tags' | 'ids'
export type Unit = 'count' | 'ms' | 'share' | 'ratio' | 'time' | 'text'
export type ChartKind = 'bars' | 'lines' | 'heatmap' | 'distribution' | 'funnel' | 'matrix' | 'timeline' | ''

export interface Definition {
  id: string
  family: string
  title: string
  tells: string
  by: string[]
  may: string[]
  columns: string[]
  more: string[]
  chart: ChartKind
  figure: string
  needs: Section[]
  /** Days of facts beyond the period that it looks into. */
  after: number
}
export interface Measure { id: string; title: string; formula: string; source: string; unit: Unit; better: number; drill: boolean }
export interface Dimension { id: string; title: string; time: boolean }
export interface Catalogue {
  families: { id: string; title: string }[]
  reports: Definition[]
  measures: Measure[]
  dimensions: Dimension[]
  notes: { id: string; text: string }[]
}

export interface Policy { queue: number; from: number; threshold: number; short: number; variant: number; shorts: number; target: number; call_back: number }
export interface Filter {
  queues?: number[]
  operators?: number[]
  people?: number[]
  groups?: number[]
  pbxs?: number[]
  stations?: number[]
  trunks?: number[]
  tags?: number[]
  dids?: string[]
  numbers?: string[]
  ivr?: string[]
  directions?: string[]
  dispositions?: string[]
  weekdays?: number[]
  hours: string
}
export interface Query {
  report: string
  from: number
  to: number
  before?: { from: number; to: number }
  zone: string
  by?: string[]
  count: string
  interval: number
  filter: Filter
  columns?: string[]
  sort: string
  limit: number
  policy?: Policy
  days: number
  same: boolean
  now: number
}

export interface Key { id: number; kind?: string; label?: string }
export type Value = number | null
export interface Column { id: string; unit: Unit; better: number; drill: boolean }
export interface Row { keys: Key[]; values: Value[]; texts?: string[] | null }
export interface Table {
  report: string
  dims: string[]
  columns: Column[]
  rows: Row[]
  found: number
  totals: Value[]
  before?: { totals: Value[]; rows: (Value[] | null)[] }
  policies: Policy[]
  zones: string[]
  /** Beginnings of buckets are wall-clock time, as if it were UTC. */
  wall: boolean
  notes: string[]
}
