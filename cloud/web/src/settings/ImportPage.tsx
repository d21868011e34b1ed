import { Button } from '@mantine/core'
import { IconAlertTriangle, IconFileImport, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { api } from '../api/client.ts'
import { importsQuery, useNames } from '../api/queries.ts'
import type { Import, ImportDifference, ImportFile, ImportProblem } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { phone } from '../format/phone.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { logWord } from '../parts/words.ts'
import { ImportForm } from './ImportForm.tsx'
import css from './ImportPage.module.css'
import { failureText, figureWord, flawText, reasonWord, sides } from './imports.ts'
import { Bar, DetailHead, LoadingRows, Rows, Split } from './Split.tsx'
import split from './Split.module.css'

/** The past that PBXs wrote down themselves: what was imported, and where it differs from what agents heard. */
export function ImportPage() {
  const { run } = useSearch({ from: '/settings' })
  const [asking, setAsking] = useState(false)
  const { data, isPending, isError, error, refetch } = useQuery(importsQuery)
  const open = data?.imports.find(one => one.id === run)
  const add = <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setAsking(true)}>{t`Import logs`}</Button>
  const list = (
    <>
      <Bar>{add}</Bar>
      {isPending && <LoadingRows label={t`Loading imports`} />}
      {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
      {data?.imports.length === 0 && <EmptyState icon={<IconFileImport />} title={t`Nothing was imported yet`} text={t`What happened before the first agent is in the PBX's own logs: queue_log, CEL and CDR. Import them, and journal and reports reach back that far. Calls that were heard stay as they are.`} />}
      {data && data.imports.length > 0 && <Rows rows={data.imports} label={t`Imports, the latest first`}>{one => <Row key={one.id} run={one} open={one.id === run} />}</Rows>}
    </>
  )
  return (
    <>
      <Split open={Boolean(open)} list={list} detail={open && <Detail key={open.id} run={open} />} label={t`Imports`} />
      {asking && <ImportForm close={() => setAsking(false)} />}
    </>
  )
}

function stateWord({ state, dry_run }: Import): string {
  switch (state) {
    case 'running': return t`Running`
    case 'failed': return t`Failed`
    case 'done': return dry_run ? t`Looked` : t`Done`
  }
}

function Row({ run, open }: { run: Import; open: boolean }) {
  const formats = useFormats()
  const names = useNames()
  const { calls } = run.counts
  const shown = formats.number(calls)
  return (
    <li>
      <Link to="/settings/import" search={old => ({ ...old, run: run.id })} className={`${split.row} ${css.row}`} aria-current={open || undefined}>
        <b>{names.pbx(run.pbx)}</b>
        <span data-state={run.state} className={css.state}>{stateWord(run)}</span>
        <span className={`${css.quiet} num`}>{formats.moment(run.started)}</span>
        <span className={`${css.quiet} num`}>{run.state === 'failed' ? '' : ngettext(msgid`${shown} call`, `${shown} calls`, calls)}</span>
      </Link>
    </li>
  )
}

function Detail({ run }: { run: Import }) {
  const navigate = useNavigate()
  const formats = useFormats()
  const names = useNames()
  const { first, last, unknown } = run.counts
  const close = () => void navigate({ to: '.', search: old => ({ ...old, run: undefined }) })
  const strangers = formats.list(unknown.map(one => one.name))
  const who = run.asked_by || t`the command line`
  const began = formats.moment(run.started)
  const from = first ? formats.moment(first) : ''
  const to = last ? formats.moment(last) : ''
  return (
    <>
      <DetailHead title={names.pbx(run.pbx)} text={t`Asked for by ${who} on ${began}. Local times: ${run.zone}.`} close={close} />
      <div className={css.detail}>
        {run.failure && <p role="alert" className={css.failure}><IconAlertTriangle size={16} aria-hidden /><span>{run.failure.file && <b>{run.failure.file}: </b>}{failureText(run.failure)}</span></p>}
        {run.state === 'running' && <p role="status">{t`The files are being read. This page follows by itself.`}</p>}
        {run.dry_run && run.state === 'done' && <p>{t`This only looked: no call was written.`}</p>}
        {from && <p className={`${css.quiet} num`}>{t`The calls began between ${from} and ${to}.`}</p>}
        <Counts run={run} />
        {unknown.length > 0 && <p className={css.failure}><IconAlertTriangle size={16} aria-hidden /><span>{t`Nobody knows the devices of these members of queues: ${strangers}. They stand in calls by these names. Say whose device each has, and import again.`}</span></p>}
        <Files files={run.files} />
        {run.state !== 'failed' && <Differences run={run} />}
      </div>
    </>
  )
}

function Counts({ run: { counts, dry_run } }: { run: Import }) {
  const formats = useFormats()
  const rows: [string, number][] = [
    [t`Calls in the logs`, counts.calls],
    [t`New`, counts.new],
    [t`In place of an earlier import`, counts.replaced],
    [t`As imported before`, counts.same],
    [t`Left as an earlier import of more logs made them`, counts.kept],
    [t`Heard, and the logs say the same`, counts.equal],
    [t`Heard, and the logs say otherwise`, counts.different],
    [t`Only in the logs, though everything was heard`, counts.only_in_logs],
    [dry_run ? t`States of operators` : t`States of operators written`, counts.states],
  ]
  return (
    <dl className={css.counts}>
      {rows.filter(([, n], i) => i === 0 || n > 0).map(([label, n]) => <div key={label}><dt>{label}</dt><dd className="num">{formats.number(n)}</dd></div>)}
    </dl>
  )
}

function Files({ files }: { files: ImportFile[] }) {
  return (
    <section className={css.part} aria-label={t`Files`}>
      <h3>{t`Files`}</h3>
      <ul className={css.files}>{files.map((file, i) => <FileRow key={i} file={file} />)}</ul>
    </section>
  )
}

function FileRow({ file }: { file: ImportFile }) {
  const formats = useFormats()
  const rows = formats.number(file.rows)
  const broken = formats.number(file.broken)
  const foreign = formats.number(file.foreign)
  const doubled = formats.number(file.doubled)
  const between = file.first && file.last ? `${formats.moment(file.first)} – ${formats.moment(file.last)}` : ''
  return (
    <li>
      <p><b>{file.name}</b> <span className={css.quiet}>{logWord(file.kind)}</span></p>
      <p className={`${css.quiet} num`}>{[ngettext(msgid`${rows} row`, `${rows} rows`, file.rows), between].filter(Boolean).join(', ')}</p>
      {file.unfinished && <p>{t`The file ends before its end; all up to there was read.`}</p>}
      {file.doubled > 0 && <p className={css.quiet}>{ngettext(msgid`${doubled} time is of the hour that clocks show twice. It was put where its channel's identifier says.`, `${doubled} times are of the hour that clocks show twice. They were put where their channels' identifiers say.`, file.doubled)}</p>}
      {file.foreign > 0 && <p>{ngettext(msgid`${foreign} line is in another encoding: its letters are lost. Choose the encoding and import again.`, `${foreign} lines are in another encoding: their letters are lost. Choose the encoding and import again.`, file.foreign)}</p>}
      {file.broken > 0 && (
        <details>
          <summary>{ngettext(msgid`${broken} line could not be read`, `${broken} lines could not be read`, file.broken)}</summary>
          <ul className={css.problems}>{file.problems.map(one => <Broken key={one.line} one={one} />)}</ul>
        </details>
      )}
    </li>
  )
}

function Broken({ one }: { one: ImportProblem }) {
  const { line, text } = one
  return <li><span className="num">{t`Line ${line}`}</span>: {flawText(one)} <code>{text}</code></li>
}

const pageSize = 200

function Differences({ run }: { run: Import }) {
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['import-differences', run.id, run.counts.shown],
    queryFn: ({ pageParam, signal }) => api.importDifferences(run.id, pageParam, pageSize, signal),
    initialPageParam: 0,
    getNextPageParam: page => (page.more ? page.differences.at(-1)?.n : undefined),
  })
  const rows = data?.pages.flatMap(page => page.differences) ?? []
  return (
    <section className={css.part} aria-label={t`Differences`}>
      <h3>{t`Differences from what was heard`}</h3>
      <p className={css.quiet}>{t`What agents heard stands. The logs tell of the same calls:`}</p>
      {isPending && <LoadingRows label={t`Loading differences`} />}
      {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
      {data && rows.length === 0 && <p>{run.counts.heard > 0 ? t`No difference: the logs say the same as was heard.` : t`Nothing to compare: of this time nothing was heard.`}</p>}
      {rows.length > 0 && <DifferenceTable rows={rows} />}
      {hasNextPage && <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t`Show more`}</Button>}
    </section>
  )
}

function DifferenceTable({ rows }: { rows: ImportDifference[] }) {
  const formats = useFormats()
  return (
    <div className={css.frame} tabIndex={0} role="region" aria-label={t`Table of differences`}>
      <table className={css.table}>
        <thead>
          <tr><th scope="col">{t`Call`}</th><th scope="col">{t`Figure`}</th><th scope="col">{t`Heard`}</th><th scope="col">{t`Logs`}</th></tr>
        </thead>
        <tbody>
          {rows.map(row => {
            const { heard, logs } = sides(row)
            const label = <>{formats.moment(row.start)}<br />{phone(row.caller) || t`unknown`}</>
            const why = reasonWord(row.reason)
            return (
              <tr key={row.n}>
                <td className="num">{row.kind === 'only_in_logs' ? label : <Link to="/calls/$callId" params={{ callId: row.call }}>{label}</Link>}</td>
                <td>{figureWord(row.figure)}</td>
                <td className="num">{heard}</td>
                <td className="num">{logs}{why && <p className={css.why}>{why}</p>}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
