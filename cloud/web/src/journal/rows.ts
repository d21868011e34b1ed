import type { InfiniteData } from '@tanstack/react-query'
import type { CallFilter } from '../api/client.ts'
import type { CallPage, CallRow } from '../api/types.ts'
import { dayOf, type Day } from '../format/zone.ts'

/* What the list does with pages and changes: all of it pure. */

export type Pages = InfiniteData<CallPage, unknown>
export type Item = { key: string; row: CallRow } | { key: string; day: Day }

/** All rows that are loaded, newest first, each call once. */
export function rowsOf(pages: Pages | undefined): CallRow[] {
  const byId = new Map<string, CallRow>()
  for (const page of pages?.pages ?? []) {
    for (const row of page.calls) if (!byId.has(row.id)) byId.set(row.id, row)
  }
  return [...byId.values()].sort(newestFirst)
}

function newestFirst(a: CallRow, b: CallRow): number {
  return Date.parse(b.start) - Date.parse(a.start) || (a.id < b.id ? 1 : -1)
}

/** Rows with a line for each day between them, where there is more than one day. */
export function withDays(rows: CallRow[], zone: string, always: boolean): Item[] {
  const items: Item[] = []
  let last = ''
  for (const row of rows) {
    const day = dayOf(new Date(row.start), zone)
    if (day !== last && always) items.push({ key: day, day })
    last = day
    items.push({ key: row.id, row })
  }
  return items
}

/**
 * Takes a fresh first page into what is loaded. Rows of the old first page that the fresh one no longer has were only
 * pushed down by new ones, so they stay: the second page begins after them.
 */
export function takeFirstPage(pages: Pages, fresh: CallPage): Pages {
  const [first, ...rest] = pages.pages
  if (!first) return { pages: [fresh], pageParams: [undefined] }
  const known = new Set(fresh.calls.map(row => row.id))
  const next = fresh.calls.length < first.calls.length && rest.length === 0 ? fresh.next : first.next
  return { ...pages, pages: [{ calls: [...fresh.calls, ...first.calls.filter(row => !known.has(row.id))], next, total: fresh.total ?? first.total }, ...rest] }
}

/** Puts changed rows in place and takes out those that are gone or no longer wanted. */
export function takeChanges(pages: Pages, changed: Map<string, CallRow | null>, filter: CallFilter): Pages {
  return {
    ...pages,
    pages: pages.pages.map(page => ({
      ...page,
      calls: page.calls.flatMap(row => {
        const now = changed.get(row.id)
        if (now === undefined) return [row]
        return now && matches(now, filter) ? [now] : []
      }),
    })),
  }
}

/** Whether a row that changed still belongs into the list. */
export function matches(row: CallRow, filter: CallFilter): boolean {
  const any = (wanted: readonly (number | string)[] | null | undefined, has: readonly (number | string)[]) => !wanted || wanted.length === 0 || wanted.some(one => has.includes(one))
  const digits = filter.number ?? ''
  return (
    any(filter.queue, row.queues) &&
    any(filter.operator, row.operators) &&
    any(filter.tag, row.tags) &&
    any(filter.person, row.people.map(p => p.id)) &&
    any(filter.pbx, row.pbxs) &&
    any(filter.disposition, [row.disposition]) &&
    any(filter.direction, [row.direction]) &&
    (digits === '' || row.caller.includes(digits) || row.dialled.includes(digits)) &&
    (!filter.from || Date.parse(row.start) >= Date.parse(filter.from)) &&
    (!filter.to || Date.parse(row.start) < Date.parse(filter.to))
  )
}

/**
 * By how many pixels what stood at the top of the view was moved by a change of the list, and how many calls are new
 * above it. Where the topmost is gone, the first below it that is still there is taken.
 */
export function movedBy(old: Item[], items: Item[], top: number, height: (item: Item) => number): { moved: number; above: number } {
  const places = new Map<string, { at: number; index: number }>()
  let at = 0
  items.forEach((item, index) => {
    places.set(item.key, { at, index })
    at += height(item)
  })
  let was = 0
  for (const item of old) {
    const end = was + height(item)
    const place = end > top ? places.get(item.key) : undefined
    if (place) {
      const known = new Set(old.map(one => one.key))
      const above = items.slice(0, place.index).filter(one => 'row' in one && !known.has(one.key)).length
      return { moved: place.at - was, above }
    }
    was = end
  }
  return { moved: 0, above: 0 }
}
