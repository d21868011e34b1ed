import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import type { View, ViewBody } from '../api/types.ts'
import { parseSearch, readScope, type Scope } from '../app/search.ts'
import { readReport, type ReportSearch } from './search.ts'

const key = ['views']

/** Saved views: one's own, and those that others share. */
export const useViews = () => useQuery({ queryKey: key, queryFn: ({ signal }) => api.views(signal), staleTime: 60_000 })

/** The state that a view keeps. */
export function viewSearch(view: View): Scope & ReportSearch {
  const raw = parseSearch(view.search)
  return { ...readScope(raw), ...readReport(raw) }
}

/** Changes to views; the list is asked for anew after each. */
export function useChangeViews() {
  const client = useQueryClient()
  const onSettled = () => client.invalidateQueries({ queryKey: key })
  return {
    save: useMutation({ mutationFn: (body: ViewBody) => api.saveView(body), onSettled }),
    change: useMutation({ mutationFn: ({ id, body }: { id: number; body: ViewBody }) => api.changeView(id, body), onSettled }),
    remove: useMutation({ mutationFn: (id: number) => api.removeView(id), onSettled }),
    favor: useMutation({ mutationFn: ({ id, favorite }: { id: number; favorite: boolean }) => api.favorView(id, favorite), onSettled }),
  }
}
