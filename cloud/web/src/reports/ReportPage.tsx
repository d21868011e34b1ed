import { Button } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { t } from 'ttag'
import { Problem } from '../api/client.ts'
import { useSession } from '../api/queries.ts'
import { Header } from '../app/Header.tsx'
import { PeriodPicker } from '../app/PeriodPicker.tsx'
import { QueuePicker } from '../app/QueuePicker.tsx'
import { Coverage } from '../coverage/Coverage.tsx'
import { useFormats } from '../format/intl.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { Actions } from './Actions.tsx'
import { Bar } from './Bar.tsx'
import { NotForOperators } from './CataloguePage.tsx'
import { Chart } from './charts/Chart.tsx'
import type { Definition, Key, Table } from './contract.ts'
import { Drill } from './Drill.tsx'
import { drillText, readDrill } from './drill.ts'
import { Foot } from './Foot.tsx'
import { Grid } from './Grid.tsx'
import { Loading } from './Loading.tsx'
import { Policies } from './Policies.tsx'
import css from './ReportPage.module.css'
import type { ReportSearch } from './search.ts'
import { type Question, useCatalogue, useQuestion, useTable, type Words } from './useReport.ts'

/** One report: what it is asked is in the address, what it says is computed here. */
export function ReportPage() {
  const { user } = useSession()
  const { reportId } = useParams({ from: '/reports/$reportId' })
  const { words, isError, error, refetch } = useCatalogue()
  const definition = words?.report(reportId)
  if (user.role === 'operator') return <NotForOperators />
  if (isError) return <><Header title={t`Reports`} /><ErrorState problem={error} retry={() => void refetch()} /></>
  if (!words) return <Header title={t`Reports`} />
  if (!definition) {
    return (
      <>
        <Header title={t`Reports`} />
        <EmptyState icon={<IconChartBar />} title={t`There is no such report`} text={t`The address may be cut, or from a newer version.`} action={<Button variant="default" renderRoot={props => <Link to="/reports" {...props} />}>{t`All reports`}</Button>} />
      </>
    )
  }
  return <Report key={definition.id} definition={definition} words={words} />
}

/** Changes the state of the page, which is its address. */
export function useSet() {
  const navigate = useNavigate()
  return useCallback((change: Partial<ReportSearch>) => void navigate({ to: '.', search: old => ({ ...old, ...change }), replace: true }), [navigate])
}

function Report({ definition, words }: { definition: Definition; words: Words }) {
  const search = useSearch({ from: '/reports/$reportId' })
  const { zone } = useFormats()
  const question = useQuestion(definition, search)
  const made = useTable(question)
  const open = readDrill(search.drill)
  return (
    <>
      <Header title={definition.title} behind={open !== undefined} aside={<Coverage from={question.from} to={question.to} pbx={search.pbxs?.length === 1 ? search.pbxs[0] : undefined} />} zone={search.zone === 'queue' ? t`each queue's own` : (search.zone ?? zone)}>
        <PeriodPicker />
        <QueuePicker />
      </Header>
      <div className={css.body} data-open={open !== undefined || undefined}>
        <section className={css.report} aria-label={definition.title}>
          <div className={css.bar}>
            <p className={css.tells}>{definition.tells}</p>
            <Bar definition={definition} search={search} words={words} question={question} />
            <Actions definition={definition} search={search} question={question} />
          </div>
          <Content definition={definition} words={words} question={question} made={made} search={search} open={open} />
        </section>
        {open && <Drill key={search.drill} question={question} words={words} table={made.data?.table} open={open} />}
      </div>
    </>
  )
}

interface ContentProps { definition: Definition; words: Words; question: Question; made: ReturnType<typeof useTable>; search: ReportSearch; open: ReturnType<typeof readDrill> }

function Content({ definition, words, question, made, search, open }: ContentProps) {
  const { data, isPending, isFetching, isError, error, refetch, progress } = made
  const client = useQueryClient()
  const set = useSet()
  const setSort = useCallback((sort: string | undefined) => set({ sort }), [set])
  const drill = useCallback((keys: Key[] | null, column: string) => set({ drill: drillText(keys, column) }), [set])
  const close = useCallback(() => set({ drill: undefined }), [set])
  const cancel = () => void client.cancelQueries({ queryKey: ['table'] })
  const stopped = isPending && !isFetching
  if (isError && !data) return <Failed problem={error} retry={() => void refetch()} />
  if (!data) return <Loading progress={progress} stopped={stopped} cancel={cancel} resume={() => void refetch()} />
  const { table } = data
  return (
    <>
      {isFetching && progress && <Loading progress={progress} thin cancel={cancel} resume={() => void refetch()} />}
      {isError && <div className={css.stale}><Failed problem={error} retry={() => void refetch()} /></div>}
      <div className={css.scroller} data-stale={(isFetching && made.isPlaceholderData) || undefined} tabIndex={-1}>
        {isEmpty(table) ? <Nothing search={search} /> : (
          <>
            <div className={css.still}>
              <Policies table={table} search={search} set={set} words={words} whole={definition.id === 'service_level'} />
              {search.draw !== 'none' && <Chart definition={definition} table={table} words={words} figure={search.draw ?? definition.figure} drill={drill} />}
            </div>
            <Grid table={table} words={words} label={definition.title} sort={search.sort} setSort={setSort} open={open} drill={drill} close={close} />
            <Foot table={table} words={words} question={question} made={data} search={search} />
          </>
        )}
      </div>
    </>
  )
}

const isEmpty = (table: Table) => table.rows.length === 0 && table.totals.every(value => value === null || value === 0)

/** What the engine says in English about a question is of no use to people; the server's words are. */
function Failed({ problem, retry }: { problem: Error; retry(): void }) {
  const set = useSet()
  if (problem instanceof Problem && problem.code === 'query') {
    const text = problem.message.startsWith('too many rows') ? t`There would be too many rows. Choose fewer dimensions, longer intervals or a shorter period.` : t`These settings do not go together (${problem.message}). Take back the last one, or begin anew.`
    return <EmptyState icon={<IconChartBar />} title={t`This report cannot be made`} text={text} action={<Button variant="default" onClick={() => set({ by: undefined, cols: undefined, interval: undefined, count: undefined, zone: undefined, sort: undefined })}>{t`Begin anew`}</Button>} />
  }
  if (problem instanceof Problem && problem.code === 'engine') {
    return <EmptyState icon={<IconChartBar />} title={t`The report engine did not start`} text={t`Reports are computed in this browser. Load the page again; if that does not help, another browser or a newer version of this one will.`} action={<Button variant="default" onClick={retry}>{t`Try again`}</Button>} />
  }
  return <ErrorState problem={problem} retry={retry} />
}

function Nothing({ search }: { search: ReportSearch }) {
  const navigate = useNavigate()
  const { period, from, to, queue } = useSearch({ from: '__root__' })
  const { drill: _, cols, by, sort, compare, ...rest } = search
  const filtered = Object.keys(rest).length > 0 || queue !== undefined
  return (
    <EmptyState
      icon={<IconChartBar />}
      title={filtered ? t`Nothing fits these filters` : t`Nothing happened in this period`}
      text={filtered ? t`Take a filter away, or look at a longer period.` : t`Choose a longer period. If there should be something, see whether every PBX is connected.`}
      action={
        <div className={css.ways}>
          {filtered && <Button variant="default" onClick={() => void navigate({ to: '.', search: { period, from, to, queue: undefined, cols, by, sort, compare } as never })}>{t`Clear filters`}</Button>}
          {period !== '30d' && <Button variant="default" onClick={() => void navigate({ to: '.', search: old => ({ ...old, period: '30d', from: undefined, to: undefined }) })}>{t`Look at 30 days`}</Button>}
          {!filtered && <Button variant="subtle" renderRoot={props => <Link to="/settings/pbxs" {...props} />}>{t`See the PBXs`}</Button>}
        </div>
      }
    />
  )
}
