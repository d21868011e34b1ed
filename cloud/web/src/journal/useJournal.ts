import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState } from 'react'
import { api, type CallFilter, Problem } from '../api/client.ts'
import { useCallChanges } from '../api/live.ts'
import type { CallRow } from '../api/types.ts'
import { type Pages, rowsOf, takeChanges, takeFirstPage } from './rows.ts'

const pageSize = 100
/** More changed calls than this outside the first page are not asked for one by one. */
const mostSingle = 12
/** Where more pages than this are loaded, only the first is asked for when the changes are not named. */
const mostPages = 5

/** The calls of a filter, page by page, kept up to date by the stream of changes. */
export function useJournal(filter: CallFilter) {
  const client = useQueryClient()
  const key = useMemo(() => ['calls', filter] as const, [filter])
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => api.calls(filter, pageSize, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    staleTime: 30_000,
  })
  const [arrived, setArrived] = useState<CallRow[]>([])
  const busy = useRef(false)
  const waiting = useRef<Set<string> | null>(null)

  const refresh = useCallback(
    async (ids: Set<string>) => {
      const before = client.getQueryData<Pages>(key)
      if (!before) return
      const known = new Set(rowsOf(before).map(row => row.id))
      const fresh = await api.calls(filter, pageSize, undefined)
      const inFresh = new Set(fresh.calls.map(row => row.id))
      const others = [...ids].filter(id => known.has(id) && !inFresh.has(id)).slice(0, mostSingle)
      const changed = new Map(await Promise.all(others.map(async id => [id, await rowOrNone(id)] as const)))
      client.setQueryData<Pages>(key, now => (now ? takeChanges(takeFirstPage(now, fresh), changed, filter) : now))
      const isNew = fresh.calls.filter(row => ids.has(row.id) && !known.has(row.id))
      if (isNew.length > 0) setArrived(isNew)
    },
    [client, filter, key],
  )

  const changes = useCallback(
    (ids: string[] | null) => {
      const pages = client.getQueryData<Pages>(key)?.pages.length ?? 0
      if (!ids && pages <= mostPages) {
        void client.invalidateQueries({ queryKey: key }, { cancelRefetch: false })
        return
      }
      // One question at a time; what changes meanwhile is asked for in the next.
      waiting.current = new Set([...(waiting.current ?? []), ...(ids ?? [])])
      if (busy.current) return
      busy.current = true
      void (async () => {
        while (waiting.current) {
          const next: Set<string> = waiting.current
          waiting.current = null
          // oxlint-disable-next-line no-await-in-loop -- one after the other is what is wanted
          await refresh(next).catch(() => undefined) // the next change asks again; the stream's own state says when it is away
        }
        busy.current = false
      })()
    },
    [client, key, refresh],
  )
  useCallChanges(changes)

  const rows = useMemo(() => rowsOf(query.data), [query.data])
  return { ...query, rows, arrived, total: query.data?.pages[0]?.total }
}

async function rowOrNone(id: string): Promise<CallRow | null> {
  try {
    return (await api.call(id)).call
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 404) return null // joined with another call
    throw problem
  }
}
