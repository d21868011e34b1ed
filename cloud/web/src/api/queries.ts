import { QueryCache, QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, Problem } from './client.ts'
import type { CallRow, Directory, Session } from './types.ts'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }): Promise<Session | null> =>
    api.session(signal).catch((problem: unknown) => {
      if (problem instanceof Problem && problem.status === 401) return null
      throw problem
    }),
  staleTime: 5 * 60_000,
})

export const directoryQuery = queryOptions({ queryKey: ['directory'], queryFn: ({ signal }) => api.directory(signal), staleTime: 60_000 })
export const peopleQuery = queryOptions({ queryKey: ['people'], queryFn: ({ signal }) => api.people(signal), staleTime: 60_000 })
export const pbxsQuery = queryOptions({ queryKey: ['pbxs'], queryFn: ({ signal }) => api.pbxs(signal), refetchInterval: 5_000 })
/** How complete a period is; what is late still closes gaps, so it is asked for again while a page is open. */
export const coverageQuery = (from: string, to: string) => queryOptions({ queryKey: ['coverage', from, to], queryFn: ({ signal }) => api.coverage(from, to, signal), staleTime: 30_000, refetchInterval: 60_000 })
export const callQuery = (id: string) => queryOptions({ queryKey: ['call', id], queryFn: ({ signal }) => api.call(id, signal), staleTime: 30_000 })

export const stationsQuery = queryOptions({ queryKey: ['stations'], queryFn: ({ signal }) => api.stations(signal), staleTime: 60_000 })
export const endpointsQuery = queryOptions({ queryKey: ['endpoints'], queryFn: ({ signal }) => api.endpoints(signal) })
export const numbersQuery = queryOptions({ queryKey: ['numbers'], queryFn: ({ signal }) => api.numbers(signal) })
export const rulesQuery = (station: number) => queryOptions({ queryKey: ['rules', station], queryFn: ({ signal }) => api.rules(station, signal) })
export const trunkPairsQuery = queryOptions({ queryKey: ['trunk-pairs'], queryFn: ({ signal }) => api.trunkPairs(signal) })
/** While one runs it is looked at again and again. */
export const importsQuery = queryOptions({ queryKey: ['imports'], queryFn: ({ signal }) => api.imports(signal), refetchInterval: query => (query.state.data?.imports.some(one => one.state === 'running') ? 2_000 : false) })
export const referencesQuery = queryOptions({ queryKey: ['references'], queryFn: ({ signal }) => api.references(signal) })

export const zoneQuery = queryOptions({ queryKey: ['zone'], queryFn: ({ signal }) => api.zone(signal) })
export const queueSettingsQuery = queryOptions({ queryKey: ['queue-settings'], queryFn: ({ signal }) => api.queues(signal) })
export const groupsQuery = queryOptions({ queryKey: ['groups'], queryFn: ({ signal }) => api.groups(signal) })
export const calendarsQuery = queryOptions({ queryKey: ['calendars'], queryFn: ({ signal }) => api.calendars(signal) })
export const policiesQuery = queryOptions({ queryKey: ['policies'], queryFn: ({ signal }) => api.policies(signal) })
export const reasonsQuery = queryOptions({ queryKey: ['reasons'], queryFn: ({ signal }) => api.reasons(signal) })
export const tagsQuery = queryOptions({ queryKey: ['tags'], queryFn: ({ signal }) => api.tags(signal), staleTime: 60_000 })
export const trunkLinesQuery = queryOptions({ queryKey: ['trunk-lines'], queryFn: ({ signal }) => api.trunkLines(signal) })
export const didsQuery = queryOptions({ queryKey: ['dids'], queryFn: ({ signal }) => api.dids(signal) })
export const prefixesQuery = queryOptions({ queryKey: ['prefixes'], queryFn: ({ signal }) => api.prefixes(signal) })
export const rostersQuery = (from: string, to: string) => queryOptions({ queryKey: ['rosters', from, to], queryFn: ({ signal }) => api.rosters(from, to, signal) })

/** Asking again does not help where the server understood and refused. */
function worthRetry(failures: number, problem: Error): boolean {
  if (problem instanceof Problem && problem.status >= 400 && problem.status < 500) return false
  return failures < 2
}

export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // A session that ended elsewhere shows the log-in page in place, with the address kept.
      onError: problem => {
        if (problem instanceof Problem && problem.status === 401) client.setQueryData(sessionQuery.queryKey, null)
      },
    }),
    defaultOptions: { queries: { retry: worthRetry, refetchOnWindowFocus: true, staleTime: 10_000 }, mutations: { retry: false } },
  })
  return client
}

/** Names for the ids that rows carry. */
export interface Names {
  directory: Directory
  pbx(id: number): string
  queue(id: number): string
  operator(id: number): string
  /** Who was at a device during a call; the device's own name where nobody said. */
  at(row: CallRow, operator: number): string
  /** The name of one of ours by number, where there is one and it says more than the number. */
  personOf(number: string, pbxName?: string): string
  queueNameOf(number: string, pbxName?: string): string
}

const nothing: Directory = { pbxs: [], queues: [], operators: [], trunks: [] }

export function makeNames(directory: Directory): Names {
  const pbxs = new Map(directory.pbxs.map(p => [p.id, p.name]))
  const queues = new Map(directory.queues.map(q => [q.id, q]))
  const operators = new Map(directory.operators.map(o => [o.id, o]))
  const label = (one: { number: string; name: string } | undefined, id: number) => (one ? one.name || one.number : `#${id}`)
  const find = (all: Directory['queues'], number: string, pbxName: string | undefined) => {
    const station = directory.pbxs.find(p => p.name === pbxName)?.station
    const named = all.filter(one => one.number === number)
    const one = named.find(n => n.station === station) ?? (named.length === 1 ? named[0] : undefined)
    return one && one.name !== number ? one.name : ''
  }
  return {
    directory,
    pbx: id => pbxs.get(id) ?? `#${id}`,
    queue: id => label(queues.get(id), id),
    operator: id => label(operators.get(id), id),
    at: (row, operator) => row.people.filter(p => p.operator === operator).map(p => p.name).join(', ') || label(operators.get(operator), operator),
    personOf: (number, pbxName) => find(directory.operators, number, pbxName),
    queueNameOf: (number, pbxName) => find(directory.queues, number, pbxName),
  }
}

export function useNames(): Names {
  const tenant = useQuery(sessionQuery).data?.realm === 'tenant'
  const { data } = useQuery({ ...directoryQuery, enabled: tenant })
  return useMemo(() => makeNames(data ?? nothing), [data])
}

export function useSession(): Session {
  const { data } = useQuery(sessionQuery)
  if (!data) throw new Error('a page was drawn without a session')
  return data
}
