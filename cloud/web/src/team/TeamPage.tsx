import { SegmentedControl, Skeleton } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { c, t } from 'ttag'
import { api } from '../api/client.ts'
import { useNames } from '../api/queries.ts'
import { useCan } from '../api/rights.ts'
import { DayPicker, useDay } from '../app/DayPicker.tsx'
import { Header } from '../app/Header.tsx'
import { QueuePicker } from '../app/QueuePicker.tsx'
import { useNow } from '../app/useToday.ts'
import { Coverage } from '../coverage/Coverage.tsx'
import { useFormats } from '../format/intl.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { Chart } from './Chart.tsx'
import { lanesOf } from './day.ts'
import { Table } from './Table.tsx'
import css from './TeamPage.module.css'

/** A day of the team: who was logged in, paused, spoke and could not be reached, and when. */
export function TeamPage() {
  const states = useCan('states.read')
  if (!states) {
    return (
      <>
        <Header title={t`Team`} />
        <EmptyState title={t`This is not for your role`} text={t`The team's day is seen by supervisors. Ask yours if you need it.`} />
      </>
    )
  }
  return <Day />
}

function Day() {
  const { view } = useSearch({ from: '/team' })
  const { from, to } = useDay()
  const navigate = useNavigate()
  return (
    <>
      <Header title={t`Team`} aside={<Coverage from={from} to={to} pbx={undefined} />}>
        <DayPicker />
        <QueuePicker />
        <SegmentedControl size="xs" aria-label={t`Show as`} data={[{ value: 'chart', label: c('view').t`Timeline` }, { value: 'table', label: c('view').t`Table` }]} value={view ?? 'chart'} onChange={value => void navigate({ to: '.', search: old => ({ ...old, view: value === 'table' ? 'table' : undefined, who: undefined }), replace: true })} />
      </Header>
      <Content table={view === 'table'} />
    </>
  )
}

function Content({ table }: { table: boolean }) {
  const { day, today, from, to } = useDay()
  const { queue = [] } = useSearch({ from: '__root__' })
  const formats = useFormats()
  const names = useNames()
  const now = useNow(30_000)
  const live = day === today
  const { data, isPending, isError, error, refetch } = useQuery({
    queryKey: ['operator-states', from, to],
    queryFn: ({ signal }) => api.operatorStates(from, to, signal),
    refetchInterval: live ? 60_000 : false,
    placeholderData: keepPreviousData,
  })
  const window = useMemo(() => ({ from: Date.parse(from), to: Date.parse(to) }), [from, to])
  const chosen = queue.join(',')
  const lanes = useMemo(() => {
    const all = lanesOf(data?.states ?? [], window, now, chosen ? chosen.split(',').map(Number) : [])
    const name = (lane: (typeof all)[number]) => lane.people.join(', ') || names.operator(lane.operator)
    return all.sort((a, b) => formats.collator.compare(name(a), name(b)) || a.operator - b.operator)
  }, [data, window, now, chosen, formats, names])
  if (isPending) return <div className={css.page}><Bones /></div>
  if (isError && !data) return <div className={css.page}><ErrorState problem={error} retry={() => void refetch()} /></div>
  return (
    <div className={css.page}>
      {data.cut && <p className={`${css.bar} ${css.cut}`} role="status">{t`There are more states than can be drawn; the earliest of the day are left out.`}</p>}
      {lanes.length === 0 && <EmptyState icon={<IconUsersGroup />} title={queue.length > 0 ? t`Nobody worked in these queues` : t`Nobody was logged in or had a call`} text={queue.length > 0 ? t`Choose other queues or another day.` : t`Who logs in to a queue or has a call appears here. Choose another day, or see whether every PBX is connected.`} />}
      {lanes.length > 0 && (table ? <Table lanes={lanes} /> : <Chart lanes={lanes} window={window} now={now} live={live} />)}
    </div>
  )
}

function Bones() {
  return (
    <div role="status" aria-busy="true" aria-label={t`Loading the day`} className={css.bones}>
      {Array.from({ length: 9 }, (_, i) => <Skeleton key={i} height={18} width={`${62 + ((i * 13) % 34)}%`} />)}
    </div>
  )
}
