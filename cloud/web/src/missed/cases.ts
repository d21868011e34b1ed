import type { Table } from '../reports/contract.ts'

/* Cases of missed callers, as the engine tells them. */

export interface Case {
  key: string
  state: string
  closed: boolean
  number: string
  queue: string
  first: number
  tries: number
  contact: number
  who: string
  /** From the first missed call to the conversation, ms. */
  after: number | null
}

const rank = (one: Case) => (one.closed ? 2 : one.state === 'expired' ? 1 : 0)

/** Those to call back first, the oldest of them on top; then those that were left too long; what is closed last, the latest first. */
export function casesOf(table: Table): Case[] {
  const column = new Map(table.columns.map((one, i) => [one.id, i]))
  return table.rows
    .map((row): Case => {
      const value = (id: string) => row.values[column.get(id) ?? -1] ?? null
      const text = (id: string) => row.texts?.[column.get(id) ?? -1] ?? ''
      const state = text('case_state')
      const [key] = row.keys
      return {
        key: `${key?.id} ${key?.label ?? ''}`, state, closed: state !== 'open' && state !== 'expired', number: key?.label ?? '', queue: text('case_queue'),
        first: value('first_missed') ?? 0, tries: value('tries') ?? 1, contact: value('contact_at') ?? 0, who: text('contact_who'), after: value('recall_time'),
      }
    })
    .sort((a, b) => rank(a) - rank(b) || (a.closed ? b.first - a.first : a.first - b.first))
}
