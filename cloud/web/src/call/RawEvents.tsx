import { Button, CloseButton, Select, Skeleton, TextInput } from '@mantine/core'
import { IconChevronRight, IconSearch, IconX } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { api } from '../api/client.ts'
import { useNames } from '../api/queries.ts'
import type { RawEvent } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { countNames, filterEvents, nearest, pairs, summary } from './events.ts'
import css from './RawEvents.module.css'
import type { Story } from './story.ts'

const pageSize = 1000
const lineHeight = 32
/** Events this near to the chosen moment are marked, in ms. */
const around = 300

interface Props {
  id: string
  /** Start of the call, in ms since 1970: offsets count from here. */
  origin: number
  story: Story
  at: number | undefined
  select(at: number | undefined): void
}

/** What the PBXs said, event by event: where every figure comes from. */
export function RawEvents({ id, origin, story, at, select }: Props) {
  const query = useInfiniteQuery({
    queryKey: ['events', id],
    queryFn: ({ pageParam, signal }) => api.events(id, pageParam, pageSize, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    staleTime: 60_000,
  })
  const formats = useFormats()
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const all = useMemo(() => query.data?.pages.flatMap(page => page.events) ?? [], [query.data])
  const [name, setName] = useState<string>()
  const [text, setText] = useState('')
  const typed = useDeferredValue(text)
  const events = useMemo(() => filterEvents(all, { name, text: typed }), [all, name, typed])
  const names = useMemo(() => countNames(all).map(one => ({ value: one.name, label: `${one.name} (${one.count})` })), [all])
  const from = at === undefined ? '' : formats.offset(at)
  const count = events.length
  return (
    <section className={css.events} aria-label={t`Raw events`}>
      <div className={css.bar}>
        <h3>{t`What the PBX said`}</h3>
        <span className={`${css.count} num`}>{query.isSuccess && ngettext(msgid`${count} event`, `${count} events`, count)}</span>
        {all.length > 0 && <div className={css.filters}>
          {at !== undefined && (
            <Button size="xs" variant="light" rightSection={<IconX size={13} aria-hidden />} onClick={() => select(undefined)} aria-label={t`Forget the moment ${from}`}>{t`At ${from}`}</Button>
          )}
          <Select size="xs" className={css.select} aria-label={t`Event`} placeholder={t`Event`} data={names} value={name ?? null} onChange={v => setName(v ?? undefined)} clearable clearButtonProps={{ 'aria-label': t`All events` }} searchable nothingFoundMessage={t`Nothing found`} comboboxProps={{ width: 'max-content', position: 'bottom-end', shadow: 'md' }} />
          <TextInput size="xs" className={css.text} type="search" aria-label={t`Text in the events`} placeholder={t`Text, or Field: value`} value={text} onChange={event => setText(event.currentTarget.value)} leftSection={<IconSearch size={15} aria-hidden />} rightSection={text && <CloseButton size="xs" aria-label={t`Clear the text`} onClick={() => setText('')} />} />
        </div>}
      </div>
      {query.isPending && <div role="status" aria-busy="true" aria-label={t`Loading events`} className={css.loading}>{Array.from({ length: 6 }, (_, i) => <Skeleton key={i} height={12} width={`${50 + ((i * 13) % 40)}%`} />)}</div>}
      {query.isError && all.length === 0 && <ErrorState problem={query.error} retry={() => void query.refetch()} />}
      {query.isSuccess && all.length === 0 && <EmptyState title={t`No raw events are kept for this call`} text={t`They are kept for as long as your plan says; the story above stays.`} />}
      {all.length > 0 && events.length === 0 && <EmptyState title={t`No event fits`} text={t`Take the filter away, or search for another word.`} />}
      {events.length > 0 && <Lines events={events} origin={origin} moment={at === undefined ? undefined : origin + at} manyPBXs={story.pbx.length > 1} />}
    </section>
  )
}

function Lines({ events, origin, moment, manyPBXs }: { events: RawEvent[]; origin: number; moment: number | undefined; manyPBXs: boolean }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const virtual = useVirtualizer({ count: events.length, getScrollElement: () => scroller.current, estimateSize: () => lineHeight, getItemKey: i => keyOf(events[i]) ?? i, overscan: 10 })
  useEffect(() => {
    if (moment === undefined) return
    const i = nearest(events, moment)
    if (i < 0) return
    virtual.scrollToIndex(i, { align: 'center' })
    scroller.current?.scrollIntoView({ block: 'nearest' })
  }, [moment, events, virtual])
  const toggle = (key: string) => setOpen(now => {
    const next = new Set(now)
    if (!next.delete(key)) next.add(key)
    return next
  })
  return (
    <div className={css.table} role="table" aria-label={t`Raw events`} aria-rowcount={events.length + 1} data-pbxs={manyPBXs || undefined}>
      <div role="rowgroup">
        <div role="row" className={css.heads}>
          <span role="columnheader">{t`Time`}</span>
          <span role="columnheader" className={css.into}>{t`Into the call`}</span>
          {manyPBXs && <span role="columnheader">{t`PBX`}</span>}
          <span role="columnheader">{t`Event`}</span>
          <span role="columnheader" className={css.says}>{t`Fields`}</span>
        </div>
      </div>
      <div ref={scroller} className={css.scroller} role="rowgroup" tabIndex={0} aria-label={t`Raw events`}>
        <div className={css.space} style={{ height: virtual.getTotalSize() }} role="presentation">
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const event = events[index]
            if (!event) return null
            const near = moment !== undefined && Math.abs(Date.parse(event.at) - moment) <= around
            return (
              <div key={key} role="row" aria-rowindex={index + 2} data-index={index} ref={virtual.measureElement} className={css.line} data-near={near || undefined} style={{ transform: `translateY(${start}px)` }}>
                <Line event={event} origin={origin} manyPBXs={manyPBXs} open={open.has(String(key))} toggle={() => toggle(String(key))} />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

const keyOf = (event: RawEvent | undefined) => event && `${event.pbx}/${event.seq}`

function Line({ event, origin, manyPBXs, open, toggle }: { event: RawEvent; origin: number; manyPBXs: boolean; open: boolean; toggle(): void }) {
  const formats = useFormats()
  const names = useNames()
  return (
    <>
      <div className={css.columns} onClick={toggle} role="presentation">
        <span role="cell" className="num">{formats.timeMs(event.at)}</span>
        <span role="cell" className={`${css.into} num`}>{formats.offset(Date.parse(event.at) - origin)}</span>
        {manyPBXs && <span role="cell" className={css.cut}>{names.pbx(event.pbx)}</span>}
        <span role="cell" className={css.cut}>
          <button type="button" className={css.name} aria-expanded={open} onClick={e => { e.stopPropagation(); toggle() }}>
            <IconChevronRight size={14} aria-hidden />
            {event.name}
          </button>
        </span>
        <span role="cell" className={`${css.says} ${css.cut}`}>{!open && summary(event)}</span>
      </div>
      {open && (
        <dl className={css.fields}>
          {pairs(event).map(([key, value], i) => (
            <div key={i}>
              <dt>{key}</dt>
              <dd>{value || <i>{t`empty`}</i>}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}
