import { ActionIcon, Skeleton, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconArrowLeft, IconArrowsDiagonal, IconArrowsDiagonalMinimize2, IconX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { t } from 'ttag'
import { callQuery } from '../api/queries.ts'
import { useCan } from '../api/rights.ts'
import { useCallChanges } from '../api/live.ts'
import type { CallRow } from '../api/types.ts'
import { phone } from '../format/phone.ts'
import { DirectionIcon } from '../journal/Outcome.tsx'
import { ErrorState } from '../parts/States.tsx'
import css from './CallPage.module.css'
import { Facts } from './Facts.tsx'
import { Legs } from './Legs.tsx'
import { RawEvents } from './RawEvents.tsx'
import { Timeline } from './Timeline.tsx'

/** One call: its facts, its story as a drawing, and what the PBXs said. */
export function CallPage() {
  const { callId } = useParams({ from: '/calls/$callId' })
  const { at, wide } = useSearch({ from: '/calls/$callId' })
  const events = useCan('events.read')
  const navigate = useNavigate()
  const { data, isPending, isError, error, refetch } = useQuery(callQuery(callId))
  useFollow(callId)
  const close = useCallback(() => void navigate({ to: '/calls', search: old => ({ ...old, at: undefined, wide: undefined }) }), [navigate])
  const select = useCallback((moment: number | undefined) => void navigate({ to: '.', search: old => ({ ...old, at: moment === undefined ? undefined : Math.round(moment) }), replace: true }), [navigate])
  useHotkeys([['Escape', close]])
  return (
    <>
      <div className={css.head}>
        <ActionIcon className={css.back} variant="subtle" color="gray" size={36} aria-label={t`Back to the list`} onClick={close}><IconArrowLeft size={20} /></ActionIcon>
        <h2 className={css.title}>{data ? <Title row={data.call} /> : <Skeleton height={14} width={220} />}</h2>
        <div className={css.tools}>
          <Tooltip label={wide ? t`Show the list beside it` : t`Use the whole width`}>
            <ActionIcon className={css.widen} variant="subtle" color="gray" size={32} aria-label={wide ? t`Show the list beside it` : t`Use the whole width`} onClick={() => void navigate({ to: '.', search: old => ({ ...old, wide: wide ? undefined : true }), replace: true })}>
              {wide ? <IconArrowsDiagonalMinimize2 size={18} stroke={1.6} /> : <IconArrowsDiagonal size={18} stroke={1.6} />}
            </ActionIcon>
          </Tooltip>
          <ActionIcon className={css.close} variant="subtle" color="gray" size={32} aria-label={t`Close the call`} onClick={close}><IconX size={18} stroke={1.6} /></ActionIcon>
        </div>
      </div>
      <div className={css.body} tabIndex={-1}>
        {isPending && <Loading />}
        {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
        {data && (
          <>
            <Facts row={data.call} story={data.story} />
            <Timeline key={callId} story={data.story} selected={at} select={select} />
            <Legs story={data.story} />
            {events && <RawEvents key={`events-${callId}`} id={callId} origin={Date.parse(data.call.start)} story={data.story} at={at} select={select} />}
          </>
        )}
      </div>
    </>
  )
}

function Title({ row }: { row: CallRow }) {
  const caller = phone(row.caller) || t`hidden number`
  return (
    <>
      <DirectionIcon direction={row.direction} />
      <span className="num">{caller}</span>
      <span className={css.arrow} aria-hidden>→</span>
      <span className="num">{phone(row.dialled)}</span>
    </>
  )
}

/** Asks for the call again whenever it changes. */
function useFollow(id: string): void {
  const client = useQueryClient()
  useCallChanges(
    useCallback(
      (ids: string[] | null) => {
        if (ids && !ids.includes(id)) return
        void client.invalidateQueries({ queryKey: callQuery(id).queryKey })
        void client.invalidateQueries({ queryKey: ['events', id] })
      },
      [client, id],
    ),
  )
}

function Loading() {
  return (
    <div role="status" aria-busy="true" aria-label={t`Loading the call`} className={css.loading}>
      <Skeleton height={56} />
      <Skeleton height={240} />
      <Skeleton height={180} />
    </div>
  )
}
