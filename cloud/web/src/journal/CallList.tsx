import { Button, Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconArrowUp, IconPhoneCall } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { useNames } from '../api/queries.ts'
import type { CallRow as Row } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { phone } from '../format/phone.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { CallRow, ColumnHeads } from './CallRow.tsx'
import css from './CallList.module.css'
import { type Item, movedBy, withDays } from './rows.ts'
import type { useJournal } from './useJournal.ts'

const rowHeight = { table: 38, cards: 60 }
const dayHeight = 34
/** Narrower than this the columns would be cut, so each call becomes a card of two lines. */
const tableFrom = 760

interface Props {
  journal: ReturnType<typeof useJournal>
  open: string | undefined
  show(id: string | undefined): void
  filtered: boolean
}

export function CallList({ journal, open, show, filtered }: Props) {
  const { rows, isPending, isError, error, refetch } = journal
  const { ref, width } = useElementSize()
  const mode = width === 0 || width >= tableFrom ? 'table' : 'cards'
  return (
    <div className={css.frame} ref={ref}>
      {isPending && <Loading mode={mode} />}
      {isError && rows.length === 0 && <ErrorState problem={error} retry={() => void refetch()} />}
      {!isPending && !isError && rows.length === 0 && <Nothing filtered={filtered} />}
      {rows.length > 0 && <Rows journal={journal} open={open} show={show} mode={mode} />}
    </div>
  )
}

function Rows({ journal, open, show, mode }: Omit<Props, 'filtered'> & { mode: 'table' | 'cards' }) {
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } = journal
  const formats = useFormats()
  const names = useNames()
  const { period } = useSearch({ from: '/calls' })
  const manyDays = period !== undefined && period !== 'today' && period !== 'yesterday'
  const items = useMemo(() => withDays(rows, formats.zone, manyDays), [rows, formats.zone, manyDays])
  const scroller = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState<string | undefined>(open)
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: i => (items[i] && 'day' in items[i] ? dayHeight : rowHeight[mode]),
    getItemKey: i => items[i]?.key ?? i,
    overscan: 12,
  })
  useEffect(() => virtual.measure(), [virtual, mode, items])
  const unseen = useAnchor(items, scroller, mode)
  const visible = virtual.getVirtualItems()
  const last = visible.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= items.length - 30 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage])
  useEffect(() => setCursor(c => open ?? c), [open])

  const move = (step: number | 'first' | 'last') => {
    const at = rows.findIndex(row => row.id === (cursor ?? open))
    const to = step === 'first' ? 0 : step === 'last' ? rows.length - 1 : Math.min(Math.max(at + step, 0), rows.length - 1)
    const row = rows[to]
    if (!row) return
    setCursor(row.id)
    virtual.scrollToIndex(items.findIndex(item => item.key === row.id), { align: 'auto' })
    if (open) show(row.id)
  }
  const key = (event: KeyboardEvent) => {
    const page = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight[mode]) - 1
    const steps: Record<string, number | 'first' | 'last'> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: 'first', End: 'last' }
    const step = steps[event.key]
    if (step !== undefined && !event.ctrlKey && !event.metaKey) move(step)
    else if (event.key === 'Enter' && cursor) show(cursor)
    else if (event.key === 'Escape' && open) show(undefined)
    else return
    event.preventDefault()
  }
  return (
    <>
      <Announcer arrived={journal.arrived} />
      {unseen.count > 0 && (
        <Button className={css.unseen} size="xs" radius="xl" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={unseen.goUp}>
          {ngettext(msgid`${unseen.count} new call`, `${unseen.count} new calls`, unseen.count)}
        </Button>
      )}
      <div
        ref={scroller}
        className={css.scroller}
        data-stale={isPlaceholderData || undefined}
        role="grid"
        aria-label={t`Calls`}
        aria-rowcount={hasNextPage ? -1 : items.length + 1}
        aria-activedescendant={cursor ? `call-${cursor}` : undefined}
        tabIndex={0}
        onKeyDown={key}
      >
        {mode === 'table' && <ColumnHeads manyPBXs={names.directory.pbxs.length > 1} />}
        <div role="rowgroup" className={css.space} style={{ height: virtual.getTotalSize() }}>
          {visible.map(({ index, start, size }) => {
            const item = items[index]
            if (!item) return null
            const place = { transform: `translateY(${start}px)`, height: size }
            if ('day' in item) return <DayLine key={item.key} day={item.day} index={index + 2} style={place} />
            return (
              <CallRow key={item.key} row={item.row} index={index + 2} mode={mode} style={place} selected={item.key === open} active={item.key === cursor} show={id => { setCursor(id); show(id) }} />
            )
          })}
        </div>
      </div>
    </>
  )
}

function DayLine({ day, index, style }: { day: string; index: number; style: React.CSSProperties }) {
  const formats = useFormats()
  // Noon in UTC would be another day in the far east and west, so the day is formatted as what it is: a UTC date.
  const text = new Intl.DateTimeFormat(formats.language === 'en' ? 'en-GB' : formats.language, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(Date.parse(day))
  return (
    <div role="row" aria-rowindex={index} className={css.day} style={style}>
      <span role="gridcell">{text}</span>
    </div>
  )
}

/**
 * Keeps what one looks at where it is when calls arrive above it: unless the list stands at its very top, where new
 * calls are what one waits for. Counts the calls that arrived out of sight.
 */
function useAnchor(items: Item[], scroller: React.RefObject<HTMLDivElement | null>, mode: 'table' | 'cards') {
  const before = useRef<Item[]>(items)
  const [count, setCount] = useState(0)
  useLayoutEffect(() => {
    const old = before.current
    before.current = items
    const box = scroller.current
    if (!box || old === items || box.scrollTop < 8) return
    const heights = (item: Item) => ('day' in item ? dayHeight : rowHeight[mode])
    const { moved, above } = movedBy(old, items, box.scrollTop, heights)
    if (moved !== 0) box.scrollTop += moved
    if (above > 0) setCount(n => n + above)
  }, [items, scroller, mode])
  useEffect(() => {
    const box = scroller.current
    if (!box) return
    const seen = () => {
      if (box.scrollTop < 8) setCount(0)
    }
    box.addEventListener('scroll', seen, { passive: true })
    return () => box.removeEventListener('scroll', seen)
  }, [scroller])
  const goUp = () => {
    setCount(0)
    scroller.current?.scrollTo({ top: 0, behavior: 'smooth' })
  }
  return { count, goUp }
}

/** Tells a screen reader of new calls, when it has nothing more urgent to say. */
function Announcer({ arrived }: { arrived: Row[] }) {
  const [only] = arrived
  const caller = only ? phone(only.caller) : ''
  const n = arrived.length
  const text = n === 1 ? t`New call from ${caller}` : n > 1 ? ngettext(msgid`${n} new call`, `${n} new calls`, n) : ''
  return <div className={css.announcer} aria-live="polite">{text}</div>
}

function Loading({ mode }: { mode: 'table' | 'cards' }) {
  return (
    <div aria-busy="true" aria-label={t`Loading calls`} role="status" className={css.loading}>
      {Array.from({ length: 14 }, (_, i) => (
        <div key={i} className={css.bone} style={{ height: rowHeight[mode] }}>
          <Skeleton height={10} width={52} />
          <Skeleton height={10} width={`${18 + ((i * 7) % 12)}%`} />
          <Skeleton height={10} width={`${12 + ((i * 5) % 9)}%`} />
          <Skeleton height={10} width={80} ml="auto" />
        </div>
      ))}
    </div>
  )
}

function Nothing({ filtered }: { filtered: boolean }) {
  const navigate = useNavigate()
  const { period } = useSearch({ from: '/calls' })
  if (filtered) {
    const clear = () => void navigate({ to: '/calls', search: old => ({ period: old.period, from: old.from, to: old.to, queue: undefined }) })
    return <EmptyState icon={<IconPhoneCall />} title={t`No call fits these filters`} text={t`Take a filter away, or look at a longer period.`} action={<Button variant="default" onClick={clear}>{t`Clear filters`}</Button>} />
  }
  return (
    <EmptyState
      icon={<IconPhoneCall />}
      title={t`No calls in this period`}
      text={t`New calls appear here by themselves. If there should be some, see whether every PBX is connected.`}
      action={
        <div className={css.ways}>
          {period !== '30d' && <Button variant="default" onClick={() => void navigate({ to: '.', search: old => ({ ...old, period: '30d', from: undefined, to: undefined }) })}>{t`Look at 30 days`}</Button>}
          <Button variant="subtle" renderRoot={props => <Link to="/settings/pbxs" {...props} />}>{t`See the PBXs`}</Button>
        </div>
      }
    />
  )
}
