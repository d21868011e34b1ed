import { Outlet, useMatch, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { t } from 'ttag'
import { Problem, type CallFilter } from '../api/client.ts'
import { useSession } from '../api/queries.ts'
import { Header } from '../app/Header.tsx'
import { PeriodPicker } from '../app/PeriodPicker.tsx'
import { QueuePicker } from '../app/QueuePicker.tsx'
import { spanOf } from '../app/search.ts'
import { useToday } from '../app/useToday.ts'
import { Coverage } from '../coverage/Coverage.tsx'
import { useFormats } from '../format/intl.ts'
import { bareNumber } from '../format/phone.ts'
import { EmptyState } from '../parts/States.tsx'
import { CallList } from './CallList.tsx'
import { Filters } from './Filters.tsx'
import css from './JournalPage.module.css'
import { Status } from './Status.tsx'
import { useJournal } from './useJournal.ts'

/** The calls journal: the list, and beside it the call that is open. */
export function JournalPage() {
  const { sees } = useSession()
  const search = useSearch({ from: '/calls' })
  const open = useMatch({ from: '/calls/$callId', shouldThrow: false })?.params.callId
  const filter = useFilter()
  const journal = useJournal(filter)
  const navigate = useNavigate()
  const show = useCallback(
    (id: string | undefined) =>
      void (id
        ? navigate({ to: '/calls/$callId', params: { callId: id }, search: old => ({ ...old, at: undefined }), replace: open !== undefined })
        : navigate({ to: '/calls', search: old => ({ ...old, at: undefined, wide: undefined }) })),
    [navigate, open],
  )
  if (journal.error instanceof Problem && journal.error.status === 403) return <NothingToSee why={journal.error.message} />
  return (
    <>
      <Header behind={open !== undefined} title={sees === 'own' ? t`My calls` : t`Calls`} aside={<><Coverage from={filter.from ?? ''} to={filter.to ?? ''} pbx={search.pbx} /><Status total={journal.total} loaded={journal.rows.length} more={journal.hasNextPage} /></>}>
        <PeriodPicker />
        <QueuePicker />
      </Header>
      <div className={css.body} data-open={open !== undefined || undefined} data-wide={(open && search.wide) || undefined}>
        <section className={css.list} aria-label={t`Calls`}>
          <div className={css.bar}>
            <Filters />
          </div>
          <CallList journal={journal} open={open} show={show} filtered={isFiltered(filter)} />
        </section>
        {open && (
          <section className={css.detail} aria-label={t`Call`}>
            <Outlet />
          </section>
        )}
      </div>
    </>
  )
}

function isFiltered(filter: CallFilter): boolean {
  return Boolean(filter.queue || filter.operator || filter.person || filter.pbx || filter.attribute || filter.tag || filter.number || filter.disposition || filter.direction)
}

/** What the address asks of the API. The same object as long as it asks the same. */
function useFilter(): CallFilter {
  const { period, from, to, queue, number, operator, person, pbx, result, direction, attribute, tag } = useSearch({ from: '/calls' })
  const { zone } = useFormats()
  const today = useToday(zone)
  const queues = queue?.join(',')
  return useMemo(() => {
    const span = spanOf({ period, from, to }, today, zone)
    return {
      from: span.from,
      to: span.to,
      queue: queues ? queues.split(',').map(Number) : undefined,
      operator: operator === undefined ? undefined : [operator],
      person: person === undefined ? undefined : [person],
      tag: tag === undefined ? undefined : [tag],
      pbx: pbx === undefined ? undefined : [pbx],
      attribute: attribute === undefined ? undefined : [attribute],
      number: number ? bareNumber(number) : undefined,
      disposition: result ? [result as NonNullable<CallFilter['disposition']>[number]] : undefined,
      direction: direction ? [direction as NonNullable<CallFilter['direction']>[number]] : undefined,
    }
  }, [period, from, to, queues, number, operator, person, pbx, result, direction, attribute, tag, today, zone])
}

/** Why there is no journal for this person, in the server's words: they say whom to ask. */
function NothingToSee({ why }: { why: string }) {
  return (
    <>
      <Header title={t`Calls`} />
      <EmptyState title={t`There are no calls for you to see`} text={why} />
    </>
  )
}
