import { ActionIcon, Button, Skeleton } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconArrowLeft, IconPhoneCall, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { useCallback } from 'react'
import { api } from '../api/client.ts'
import { useNames } from '../api/queries.ts'
import type { CallRow } from '../api/types.ts'
import { clock } from '../format/duration.ts'
import { useFormats } from '../format/intl.ts'
import { phone } from '../format/phone.ts'
import { DirectionIcon, Outcome } from '../journal/Outcome.tsx'
import { arrows } from '../parts/arrows.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import type { Key, Table } from './contract.ts'
import css from './Drill.module.css'
import { rowOf } from './drill.ts'
import { engine } from './engine/client.ts'
import { useSet } from './ReportPage.tsx'
import type { Question, Words } from './useReport.ts'
import { bucketFormats, keyText, valueText } from './values.ts'

interface Props { question: Question; words: Words; table: Table | undefined; open: { keys: Key[] | null; column: string } }

const page = 50

/** Why a figure is what it is: its formula, what took part, and the calls behind it, each with its raw events one click on. */
export function Drill({ question, words, table, open }: Props) {
  const set = useSet()
  const close = useCallback(() => set({ drill: undefined }), [set])
  useHotkeys([['Escape', close]])
  const measure = words.measure(open.column)
  return (
    <section className={css.drill} aria-label={t`Calls behind the figure`}>
      <div className={css.head}>
        <ActionIcon className={css.back} variant="subtle" color="gray" size={36} aria-label={t`Back to the report`} onClick={close}><IconArrowLeft size={20} /></ActionIcon>
        <h2>{measure?.title ?? open.column}</h2>
        <ActionIcon className={css.close} variant="subtle" color="gray" size={32} aria-label={t`Close`} onClick={close}><IconX size={18} stroke={1.6} /></ActionIcon>
      </div>
      <div className={css.scroller}>
        {table && <Why table={table} words={words} open={open} />}
        <Behind question={question} open={open} />
      </div>
    </section>
  )
}

function Why({ table, words, open }: { table: Table; words: Words; open: Props['open'] }) {
  const formats = useFormats()
  const buckets = bucketFormats(table, formats)
  const measure = words.measure(open.column)
  const at = table.columns.findIndex(one => one.id === open.column)
  const row = rowOf(table, open.keys)
  const value = open.keys === null ? table.totals[at] : row?.values[at]
  const column = table.columns[at]
  return (
    <div className={css.why}>
      {column && column.unit !== 'text' && <p className={`${css.value} num`}>{valueText(column.unit, value, formats)}</p>}
      <dl>
        {(open.keys ?? []).map((key, i) => {
          const dim = table.dims[i] ?? ''
          return <div key={dim}><dt>{words.dimension(dim)?.title ?? dim}</dt><dd>{keyText(dim, key, buckets)}</dd></div>
        })}
        {measure && <div><dt>{t`Formula`}</dt><dd>{measure.formula}</dd></div>}
        {measure?.source && <div><dt>{t`Source`}</dt><dd>{measure.source}</dd></div>}
      </dl>
    </div>
  )
}

function Behind({ question, open }: { question: Question; open: Props['open'] }) {
  const [shown, setShown] = useState(page)
  const need = useMemo(() => ({ ...question.need, sections: [...new Set([...question.need.sections, 'ids' as const])].sort() }), [question])
  const ids = useQuery({
    queryKey: ['drill', question.query, need, open],
    queryFn: ({ signal }) => engine.drill(need, question.query, open.keys, open.column, signal, () => {}),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: old => old,
  })
  const wanted = ids.data?.slice(0, shown) ?? []
  const calls = useQuery({ queryKey: ['calls-by-id', wanted], queryFn: ({ signal }) => api.callsByID(wanted, signal), enabled: wanted.length > 0, placeholderData: old => old })
  if (ids.isError) return <ErrorState problem={ids.error} retry={() => void ids.refetch()} />
  if (calls.isError) return <ErrorState problem={calls.error} retry={() => void calls.refetch()} />
  if (!ids.data || (wanted.length > 0 && !calls.data)) return <Bones />
  const n = ids.data.length
  const rest = n - shown
  if (n === 0) return <EmptyState icon={<IconPhoneCall />} title={t`No call is behind it`} text={t`The figure is made of none, or its calls are not yours to see.`} />
  return (
    <>
      <h3 className={css.count}>{ngettext(msgid`${n} call`, `${n} calls`, n)}</h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ul className={css.calls} onKeyDown={arrows}>{(calls.data ?? []).map(row => <Call key={row.id} row={row} />)}</ul>
      {rest > 0 && <div className={css.more}><Button variant="default" size="xs" onClick={() => setShown(s => s + page)}>{ngettext(msgid`Show ${rest} more`, `Show ${rest} more`, rest)}</Button></div>}
    </>
  )
}

function Call({ row }: { row: CallRow }) {
  const formats = useFormats()
  const names = useNames()
  const who = [...row.queues.map(names.queue), ...row.operators.map(id => names.at(row, id))].join(', ')
  return (
    <li>
      <Link to="/calls/$callId" params={{ callId: row.id }} className={css.call} data-stop>
        <span className={css.line}><DirectionIcon direction={row.direction} /><b className="num">{phone(row.caller) || t`hidden number`}</b><span className={`${css.when} num`}>{formats.moment(row.start)}</span></span>
        <span className={css.line}><Outcome disposition={row.disposition} plain /><span className={css.who}>{who}</span><span className={`${css.when} num`} title={t`wait, talk`}>{clock(row.wait_ms)} · {clock(row.talk_ms)}</span></span>
      </Link>
    </li>
  )
}

function Bones() {
  return <div className={css.bones} role="status" aria-busy="true" aria-label={t`Loading the calls`}>{Array.from({ length: 8 }, (_, i) => <Skeleton key={i} height={34} />)}</div>
}
