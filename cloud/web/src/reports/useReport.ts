import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { api } from '../api/client.ts'
import { useFormats } from '../format/intl.ts'
import { addDays, knownZone } from '../format/zone.ts'
import { spanOf, type Scope } from '../app/search.ts'
import { useNow, useToday } from '../app/useToday.ts'
import type { Catalogue, Definition, Dimension, Measure, Query, Section } from './contract.ts'
import { engine } from './engine/client.ts'
import type { Need, Progress } from './engine/protocol.ts'
import { filterOf, readPolicy, type ReportSearch } from './search.ts'

export interface Words {
  catalogue: Catalogue
  report(id: string): Definition | undefined
  measure(id: string): Measure | undefined
  dimension(id: string): Dimension | undefined
  note(id: string): string
}

/** The catalogue in the viewer's language. */
export function useCatalogue() {
  const { language } = useFormats()
  const asked = useQuery({ queryKey: ['reports', language], queryFn: ({ signal }) => api.reports(signal), staleTime: Number.POSITIVE_INFINITY })
  const words = useMemo(() => asked.data && wordsOf(asked.data), [asked.data])
  return { ...asked, words }
}

function wordsOf(catalogue: Catalogue): Words {
  const reports = new Map(catalogue.reports.map(one => [one.id, one]))
  const measures = new Map(catalogue.measures.map(one => [one.id, one]))
  const dimensions = new Map(catalogue.dimensions.map(one => [one.id, one]))
  const notes = new Map(catalogue.notes.map(one => [one.id, one.text]))
  return { catalogue, report: id => reports.get(id), measure: id => measures.get(id), dimension: id => dimensions.get(id), note: id => notes.get(id) ?? '' }
}

const dayMs = 86_400_000
const minute = 60_000

export interface Question { query: Query; need: Need; live: boolean; from: string; to: string }

/** What a report is asked, from the state of the page. */
export function questionOf(definition: Definition, search: ReportSearch, scope: Scope, today: string, tenantZone: string, now: number): Question {
  const zone = search.zone && search.zone !== 'queue' && knownZone(search.zone) ? search.zone : tenantZone
  const span = spanOf(scope, today, zone)
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)]
  const live = to > now
  const query: Query = {
    report: definition.id, from, to, zone: search.zone ?? '', by: search.by ?? definition.by, count: search.count ?? 'arrival', interval: search.interval ?? 0, filter: filterOf(search, scope.queue),
    columns: search.cols ?? definition.columns, sort: '', limit: 0, days: search.days ?? 0, same: search.same ?? false, now: Math.min(now, to), policy: readPolicy(search.policy),
  }
  if (search.compare) query.before = before(span, live ? now - from : to - from, zone)
  const sections: Section[] = [...definition.needs].sort()
  const zones = search.zone && search.zone !== 'queue' ? [search.zone] : []
  const need: Need = { from: Math.min(from, query.before?.from ?? from), to: to + definition.after * dayMs, sections, zones, since: live ? now - minute : 0 }
  return { query, need, live, from: span.from, to: span.to }
}

/** As many days before; of a period that goes on only as much of it as has passed. */
function before(span: { first: string; last: string; from: string }, passed: number, zone: string): { from: number; to: number } {
  const days = Math.round((Date.parse(span.last) - Date.parse(span.first)) / dayMs) + 1
  const from = Date.parse(spanOf({ period: 'custom', from: addDays(span.first, -days), to: addDays(span.first, -1) }, span.last, zone).from)
  return { from, to: Math.min(from + passed, Date.parse(span.from)) }
}

/** A report as the address asks for it, kept up to date while its period goes on. */
export function useQuestion(definition: Definition, search: ReportSearch): Question {
  const { period, from, to, queue } = useSearch({ from: '__root__' })
  const { zone } = useFormats()
  const today = useToday(zone)
  const now = Math.floor(useNow(minute) / minute) * minute
  const written = JSON.stringify(search)
  const queues = queue?.join()
  const running = questionOf(definition, search, { period, from, to, queue }, today, zone, now)
  const clock = running.live ? now : 0
  // The same object as long as it asks the same, so that nothing is computed twice.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- written and queues stand for search and queue
  return useMemo(() => running, [definition, written, period, from, to, queues, today, zone, clock])
}

export function useTable(question: Question | undefined) {
  const [progress, setProgress] = useState<Progress>()
  const asked = useQuery({
    queryKey: ['table', question?.query, question?.need],
    queryFn: ({ signal }) => {
      if (!question) throw new Error('nothing is asked')
      return engine.table(question.need, question.query, signal, setProgress).finally(() => setProgress(undefined))
    },
    enabled: question !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 5 * minute,
    structuralSharing: false,
  })
  return { ...asked, progress }
}

/** Who is who: for the choices of filters. */
export function useReportNames(question: Question | undefined) {
  const day = (ms: number) => Math.floor(ms / dayMs) * dayMs
  const from = question ? day(question.need.from) : 0
  const to = question ? day(question.need.to) + dayMs : 0
  return useQuery({ queryKey: ['fact-names', from, to], queryFn: ({ signal }) => api.factNames(new Date(from).toISOString(), new Date(to).toISOString(), signal), enabled: question !== undefined, staleTime: 5 * minute }).data
}
