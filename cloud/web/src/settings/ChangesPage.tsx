import { Button, Select } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Fragment } from 'react'
import { c, t } from 'ttag'
import { api } from '../api/client.ts'
import { peopleQuery } from '../api/queries.ts'
import type { AuditEntry } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { endpointWord, numberWord, pairWord } from '../parts/words.ts'
import { type Difference, differences, itemText } from './changes.ts'
import css from './ChangesPage.module.css'
import { Bar, LoadingRows } from './Split.tsx'
import { useDevices } from './useDevices.ts'

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
  ]
}

function actionWord(action: string): string {
  switch (action) {
    case 'person.add': return c('change').t`Person added`
    case 'person.change': return c('change').t`Person changed`
    case 'person.remove': return c('change').t`Person removed`
    case 'binding.add': return c('change').t`Device given`
    case 'binding.change': return c('change').t`Device and person corrected`
    case 'binding.remove': return c('change').t`Device taken away, as if never given`
    case 'correction.set': return c('change').t`Corrected`
    case 'correction.remove': return c('change').t`Correction taken back`
    case 'exten-rules.set': return c('change').t`Rules changed`
    case 'trunk-pair.set': return c('change').t`Trunk between PBXs decided`
    case 'trunk-pair.remove': return c('change').t`Decision about a trunk taken back`
    case 'references.set': return c('change').t`References changed`
    default: return action
  }
}

function fieldWord(field: string): string {
  switch (field) {
    case 'name': return c('field').t`Name`
    case 'note': return c('field').t`Note`
    case 'person': return c('field').t`Person`
    case 'operator': return c('field').t`Device`
    case 'from': return c('field').t`From`
    case 'to': return c('field').t`To`
    case 'decided': return c('field').t`Is`
    case 'number': return c('field').t`Number`
    case 'state': return c('field').t`Is`
    case 'order': return c('field').t`Order`
    default: return field
  }
}

function Entry({ entry }: { entry: AuditEntry }) {
  const formats = useFormats()
  const value = useValue()
  const found = differences(entry.before, entry.after, entry.subject)
  return (
    <li className={css.entry}>
      <span className={`${css.when} num`}>{formats.moment(entry.at)}</span>
      <span className={css.who}>{entry.login || t`on the command line`}</span>
      <div className={css.what}>
        <p><b>{actionWord(entry.action)}</b>{entry.action !== 'references.set' && entry.subject && <>: {entry.subject}</>}</p>
        {found.length > 0 && (
          <dl className={css.differences}>
            {found.map((one, i) => (
              <Fragment key={i}>
                <dt>{one.field === 'item' ? (one.is === undefined ? c('change').t`Removed` : c('change').t`Added`) : fieldWord(one.field)}</dt>
                <dd>
                  {one.was !== undefined && <del>{value(one, one.was)}</del>}
                  {one.was !== undefined && one.is !== undefined && <span className={css.arrow} aria-hidden>→</span>}
                  {one.is !== undefined && <ins>{value(one, one.is)}</ins>}
                  {one.field === 'to' && one.is === undefined && <ins>{one.was === undefined ? '' : <><span className={css.arrow} aria-hidden>→</span>{t`until further notice`}</>}</ins>}
                </dd>
              </Fragment>
            ))}
          </dl>
        )}
      </div>
    </li>
  )
}

/** Values in words: people and devices by name, moments in the tenant's zone. */
function useValue(): (of: Difference, value: unknown) => string {
  const formats = useFormats()
  const devices = useDevices()
  const { data } = useQuery(peopleQuery)
  return (of, value) => {
    if (of.field === 'person' && typeof value === 'number') return data?.people.find(one => one.id === value)?.name ?? `#${value}`
    if (of.field === 'operator' && typeof value === 'number') return devices.label(value)
    if ((of.field === 'from' || of.field === 'to') && typeof value === 'string' && !Number.isNaN(Date.parse(value))) return formats.moment(value)
    if (of.field === 'decided' && typeof value === 'string') return value === 'device' || value === 'trunk' ? endpointWord(value) : numberWord(value)
    if (of.field === 'state' && typeof value === 'string') return pairWord(value)
    if (of.field === 'item' && typeof value === 'object' && value !== null) {
      const { kind, note } = value as { kind?: string; note?: string }
      return [itemText(value), kind && numberWord(kind), note].filter(Boolean).join(', ')
    }
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}
