import { Button, Select } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import type { AuditEntry } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { actionWord, Differences } from './changeWords.tsx'
import css from './ChangesPage.module.css'
import { Bar, LoadingRows } from './Split.tsx'

const pageSize = 50

/** Who changed what and when, and how it was before. Nobody can change these rows. */
export function ChangesPage() {
  const { kind } = useSearch({ from: '/settings' })
  const navigate = useNavigate()
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['audit', kind],
    queryFn: ({ pageParam, signal }) => api.audit(kind, pageParam, pageSize, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: page => page.next ?? undefined,
  })
  const entries = data?.pages.flatMap(page => page.entries) ?? []
  return (
    <>
      <Bar>
        <Select size="xs" aria-label={t`Kind of changes`} placeholder={t`All changes`} data={kinds()} value={kind ?? null} onChange={value => void navigate({ to: '.', search: old => ({ ...old, kind: value ?? undefined }), replace: true })} clearable clearButtonProps={{ 'aria-label': t`All changes` }} comboboxProps={{ width: 'max-content', position: 'bottom-start', shadow: 'md' }} />
      </Bar>
      <div className={css.scroller} tabIndex={0} role="region" aria-label={t`Changes`}>
        {isPending && <LoadingRows label={t`Loading changes`} />}
        {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
        {data && entries.length === 0 && <EmptyState icon={<IconHistory />} title={kind ? t`No change of this kind` : t`Nothing was changed yet`} text={t`Who changes people, devices, numbers or trunks is written down here, with how it was before.`} />}
        {entries.length > 0 && <ol className={css.list} aria-label={t`Changes, the latest first`}>{entries.map(entry => <Entry key={entry.id} entry={entry} />)}</ol>}
        {hasNextPage && <div className={css.more}><Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t`Show older ones`}</Button></div>}
      </div>
    </>
  )
}

function kinds(): { value: string; label: string }[] {
  return [
    { value: 'person', label: t`People` },
    { value: 'binding', label: t`Whose a device is` },
    { value: 'correction', label: t`Corrections` },
    { value: 'exten-rules', label: t`Rules` },
    { value: 'references', label: t`References` },
    { value: 'trunk-pair', label: t`Trunks between PBXs` },
    { value: 'queue', label: t`Queues` },
    { value: 'group', label: t`Groups` },
    { value: 'calendar', label: t`Hours` },
    { value: 'policy', label: t`Service level` },
    { value: 'reason', label: t`Statuses` },
    { value: 'tag', label: t`Tags` },
    { value: 'call', label: t`Tags of calls` },
    { value: 'trunk', label: t`Trunks` },
    { value: 'did', label: t`Numbers the outside calls in by` },
    { value: 'prefix', label: t`Areas` },
    { value: 'roster', label: t`Rosters` },
    { value: 'tenant', label: t`Time zone` },
  ]
}

function Entry({ entry }: { entry: AuditEntry }) {
  const formats = useFormats()
  return (
    <li className={css.entry}>
      <span className={`${css.when} num`}>{formats.moment(entry.at)}</span>
      <span className={css.who}>{entry.login || t`on the command line`}</span>
      <div className={css.what}>
        <p><b>{actionWord(entry.action)}</b>{entry.action !== 'references.set' && entry.subject && <>: {entry.subject}</>}</p>
        <Differences action={entry.action} before={entry.before} after={entry.after} subject={entry.subject} />
      </div>
    </li>
  )
}
