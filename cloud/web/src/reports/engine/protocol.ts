import type { Key, Query, Section, Table } from '../contract.ts'

/* What the page and the engine's worker say to each other. */

export interface Need {
  /** What facts are asked for: the period and all that is looked at besides. */
  from: number
  to: number
  sections: Section[]
  /** Zones beyond those of the tenant and its queues. */
  zones: string[]
  /** Facts that were fetched later than this (ms) are young enough; 0: any. */
  since: number
}
export type Asked =
  | { id: number; ask: 'table'; need: Need; query: Query }
  | { id: number; ask: 'drill'; need: Need; query: Query; keys: Key[] | null; column: string }
  | { id: number; ask: 'cancel' }

export interface Progress { loaded: number; total: number }
export interface Trouble { status: number; code: string; detail: string }
export interface Made {
  table: Table
  /** When the facts were fetched, ms. */
  fetched: number
  /** How long the engine worked, ms. */
  took: number
}
export type Answered =
  | { id: number; progress: Progress }
  | { id: number; made: Made }
  | { id: number; calls: string[] }
  | { id: number; trouble: Trouble }
