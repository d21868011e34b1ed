import { Skeleton } from '@mantine/core'
import { IconActivity, IconClockHour4, IconCheck, IconGauge, IconHourglass, IconPhoneCall, IconWalk } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { c, t } from 'ttag'
import { useCallChanges, useLiveState } from '../api/live.ts'
import { useSession } from '../api/queries.ts'
import { Header } from '../app/Header.tsx'
import { QueuePicker } from '../app/QueuePicker.tsx'
import { useToday } from '../app/useToday.ts'
import { Coverage } from '../coverage/Coverage.tsx'
import { useFormats } from '../format/intl.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { NotForOperators } from '../reports/CataloguePage.tsx'
import type { Definition, Key, Table } from '../reports/contract.ts'
import { drillText } from '../reports/drill.ts'
import { Grid } from '../reports/Grid.tsx'
import { questionOf, useCatalogue, useTable, type Words } from '../reports/useReport.ts'
import { valueText } from '../reports/values.ts'
import css from './NowPage.module.css'

const columns = ['offered', 'waiting', 'answered', 'abandoned', 'service_level', 'asa', 'wait_max', 'aht']

/** The day so far, followed as calls change. */
export function NowPage() {
  const { user } = useSession()
  const { words, isError, error, refetch } = useCatalogue()
  const definition = words?.report('queues')
  if (user.role === 'operator') return <NotForOperators />
  if (isError) return <><Header title={c('page').t`Now`} /><ErrorState problem={error} retry={() => void refetch()} /></>
  if (!words || !definition) return <><Header title={c('page').t`Now`} /><Bones /></>
  return <Day words={words} definition={definition} />
}

const close = () => {}
const calm = 3_000
const every = 60_000

/** A moment (ms) that moves on when calls change, at most every few seconds, and once a minute anyway. */
function useStamp(): number {
  const [stamp, setStamp] = useState(Date.now)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const soon = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null
      setStamp(Date.now())
    }, calm)
  }, [])
  useCallChanges(soon)
  useEffect(() => {
    const minute = setInterval(() => { if (!document.hidden) setStamp(Date.now()) }, every)
    return () => {
      clearInterval(minute)
      if (timer.current) clearTimeout(timer.current)
    }
  }, [])
  return stamp
}

function Day({ words, definition }: { words: Words; definition: Definition }) {
  const { queue } = useSearch({ from: '__root__' })
  const formats = useFormats()
  const today = useToday(formats.zone)
  const stamp = useStamp()
  const queues = queue?.join()
  const question = useMemo(() => {
    const asked = questionOf(definition, { by: ['queue'], cols: columns }, { queue: queues ? queues.split(',').map(Number) : undefined }, today, formats.zone, stamp)
    return { ...asked, need: { ...asked.need, since: stamp } }
  }, [definition, queues, today, formats.zone, stamp])
  const { data, isError, error, refetch } = useTable(question)
  const [sort, setSort] = useState<string>()
  const live = useLiveState()
  const navigate = useNavigate()
  const drill = useCallback((keys: Key[] | null, column: string) => void navigate({ to: '/reports/$reportId', params: { reportId: 'queues' }, search: { queue, cols: columns, drill: drillText(keys, column) } }), [navigate, queue])
  const at = data ? formats.time(data.fetched) : ''
  return (
    <>
      <Header title={c('page').t`Now`} aside={<><Coverage from={question.from} to={question.to} pbx={undefined} />{data && <span role="status" className={css.age} data-away={live.state === 'away' || isError || undefined}><IconClockHour4 size={14} aria-hidden />{live.state === 'away' || isError ? t`Not live; as of ${at}` : t`As of ${at}`}</span>}</>}>
        <QueuePicker />
      </Header>
      <div className={css.page}>
        {!data && (isError ? <ErrorState problem={error} retry={() => void refetch()} /> : <Bones />)}
        {data && data.table.rows.length === 0 && <EmptyState icon={<IconActivity />} title={t`No call has come to a queue today`} text={t`The figures of the day appear here with the first call. If there should be some, see whether every PBX is connected.`} action={<Link to="/settings/pbxs">{t`See the PBXs`}</Link>} />}
        {data && data.table.rows.length > 0 && (
          <>
            <Tiles table={data.table} words={words} />
            <section className={css.queues}>
              <Grid table={data.table} words={words} label={t`Queues today`} sort={sort} setSort={setSort} open={undefined} drill={drill} close={close} />
            </section>
            <p className={css.more}><Link to="/reports/$reportId" params={{ reportId: 'queues' }} search={{ queue }}>{t`The whole report, with the calls behind each figure`}</Link></p>
          </>
        )}
      </div>
    </>
  )
}

function Tiles({ table, words }: { table: Table; words: Words }) {
  const formats = useFormats()
  const tile = (id: string, icon: ReactNode, tone?: string) => {
    const at = table.columns.findIndex(one => one.id === id)
    const column = table.columns[at]
    if (!column) return null
    return <li key={id} data-tone={tone}><span>{icon}{words.measure(id)?.title ?? id}</span><b className="num">{valueText(column.unit, table.totals[at], formats)}</b></li>
  }
  const size = { size: 16, stroke: 1.8, 'aria-hidden': true } as const
  const of = (id: string) => table.totals[table.columns.findIndex(one => one.id === id)] ?? null
  const target = table.policies[0]?.target ?? 0
  const level = of('service_level')
  const breach = level !== null && target > 0 && level < target
  return (
    <ul className={css.tiles} aria-label={t`The day so far`}>
      {tile('offered', <IconPhoneCall {...size} />)}
      {tile('waiting', <IconHourglass {...size} />, (of('waiting') ?? 0) > 0 ? 'waiting' : undefined)}
      {tile('answered', <IconCheck {...size} />, 'talking')}
      {tile('abandoned', <IconWalk {...size} />, (of('abandoned') ?? 0) > 0 ? 'breach' : undefined)}
      {tile('service_level', <IconGauge {...size} />, breach ? 'breach' : 'talking')}
    </ul>
  )
}

function Bones() {
  return (
    <div className={css.page} role="status" aria-busy="true" aria-label={t`Loading the day`}>
      <ul className={css.tiles}>{Array.from({ length: 5 }, (_, i) => <li key={i}><Skeleton height={14} width={70} /><Skeleton height={30} width={60} /></li>)}</ul>
    </div>
  )
}
