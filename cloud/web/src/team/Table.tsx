import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { t } from 'ttag'
import { useNames } from '../api/queries.ts'
import { clock } from '../format/duration.ts'
import { useFormats } from '../format/intl.ts'
import { type Columns, DataTable } from '../parts/DataTable.tsx'
import { stateWord } from '../parts/words.ts'
import { Name } from './Chart.tsx'
import { type Bar, everything, type Lane, type Totals, totalsOf } from './day.ts'
import css from './TeamPage.module.css'

type Row = Totals & { id: string; name: string; lane: Lane }

/** The same day in figures, and every state of whoever is chosen. */
export function Table({ lanes }: { lanes: Lane[] }) {
  const { who } = useSearch({ from: '/team' })
  const navigate = useNavigate()
  const names = useNames()
  const rows = useMemo(() => lanes.map((lane): Row => ({ id: String(lane.operator), name: lane.people.join(', ') || names.operator(lane.operator), lane, ...totalsOf(lane) })), [lanes, names])
  const columns = useMemo<Columns<Row>>(() => {
    const time = (id: keyof Totals, header: () => string, help: () => string) => ({ id, accessorKey: id, header: () => <span title={help()}>{header()}</span>, cell: ({ row }: { row: { original: Row } }) => (row.original[id] > 0 ? clock(row.original[id]) : '–') })
    const open = (id: number) => void navigate({ to: '.', search: old => ({ ...old, who: id }), replace: true })
    return [
      { id: 'name', accessorKey: 'name', header: () => t`Operator`, cell: ({ row }) => <button type="button" className={css.link} onClick={() => open(row.original.lane.operator)}><Name lane={row.original.lane} /></button> },
      time('loggedIn', () => t`Logged in`, () => t`Time logged in to at least one of the queues`),
      time('paused', () => t`Paused`, () => t`Time paused in at least one of the queues`),
      time('ringing', () => t`Ringing`, () => t`Time the device rang`),
      time('busy', () => t`Busy`, () => t`Time the device spoke or called somebody`),
      time('hold', () => t`On hold`, () => t`Time the other side was on hold and nobody else was spoken to`),
      time('wrapUp', () => t`Wrap-up`, () => t`Time after calls, as long as the queue grants it`),
      time('unreachable', () => t`Unreachable`, () => t`Time the device could not be rung`),
    ]
  }, [navigate])
  const chosen = lanes.find(lane => lane.operator === who)
  return (
    <div className={css.scroller}>
      <div className={css.table}>
        <DataTable rows={rows} columns={columns} label={t`Operators`} right={['loggedIn', 'paused', 'ringing', 'busy', 'hold', 'wrapUp', 'unreachable']} />
        {chosen ? <States lane={chosen} /> : <p className={css.quiet}>{t`Choose somebody to list every state of the day.`}</p>}
      </div>
    </div>
  )
}

type StateRow = Bar & { state: string; queueName: string; length: number }

function States({ lane }: { lane: Lane }) {
  const names = useNames()
  const formats = useFormats()
  const name = lane.people.join(', ') || names.operator(lane.operator)
  const rows = useMemo(() => {
    const all = everything(lane).map((bar): StateRow => ({ ...bar, state: stateWord(bar.kind), queueName: bar.queue === null ? '' : names.queue(bar.queue), length: bar.to - bar.from }))
    return all.sort((a, b) => a.from - b.from || a.to - b.to)
  }, [lane, names])
  const columns = useMemo<Columns<StateRow>>(
    () => [
      { id: 'from', accessorKey: 'from', header: () => t`From`, cell: ({ row }) => formats.time(row.original.from) },
      { id: 'to', accessorKey: 'to', header: () => t`To`, cell: ({ row }) => (row.original.open ? t`goes on` : formats.time(row.original.to)) },
      { id: 'length', accessorKey: 'length', header: () => t`Length`, cell: ({ row }) => clock(row.original.length) },
      { id: 'state', accessorKey: 'state', header: () => t`State`, cell: ({ row }) => row.original.state },
      { id: 'queueName', accessorKey: 'queueName', header: () => t`Queue`, cell: ({ row }) => row.original.queueName || '–' },
      { id: 'reason', accessorKey: 'reason', header: () => t`Note`, cell: ({ row }) => [row.original.reason, row.original.estimated && t`estimated`].filter(Boolean).join(', ') },
    ],
    [formats],
  )
  return (
    <section aria-labelledby="states">
      <h2 id="states">{name}</h2>
      <p className={css.calls}><Link to="/calls" search={old => ({ period: old.period, from: old.from, to: old.to, queue: old.queue, operator: lane.operator })}>{t`Calls of this operator`}</Link></p>
      <DataTable rows={rows} columns={columns} label={t`States of ${name}`} right={['length']} />
    </section>
  )
}
