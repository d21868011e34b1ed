import { queryOptions } from '@tanstack/react-query'
import { api } from '../api/client.ts'

/** Sendings that go on end by themselves; the page asks again while it is open. */
export const schedulesQuery = queryOptions({ queryKey: ['schedules'], queryFn: ({ signal }) => api.schedules(signal), refetchInterval: 15_000 })
export const sendingsQuery = (id: number) => queryOptions({ queryKey: ['schedules', id, 'sendings'], queryFn: ({ signal }) => api.sendings(id, signal), refetchInterval: 5_000 })
export const recipientsQuery = queryOptions({ queryKey: ['recipients'], queryFn: ({ signal }) => api.recipients(signal), staleTime: 60_000 })
export const mailQuery = queryOptions({ queryKey: ['mail'], queryFn: ({ signal }) => api.mail(signal) })
