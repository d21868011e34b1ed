import { Button } from '@mantine/core'
import { IconPlus, IconServer2 } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from 'ttag'
import { Skeleton } from '@mantine/core'
import { coverageQuery, pbxsQuery } from '../api/queries.ts'
import { useCan } from '../api/rights.ts'
import type { PBX } from '../api/types.ts'
import { useNow } from '../app/useToday.ts'
import { useFormats } from '../format/intl.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { AddPBX } from './AddPBX.tsx'
import { PBXCard } from './PBXCard.tsx'
import css from './PBXsPage.module.css'
import { NewToken, Revoke } from './Dialogs.tsx'

type Dialog = { kind: 'add' } | { kind: 'token'; pbx: PBX } | { kind: 'revoke'; pbx: PBX } | null

/** The customer's PBXs: whether each is heard, how well, and what spoils its numbers. */
export function PBXsPage() {
  const formats = useFormats()
  const { data, isPending, isError, error, refetch, dataUpdatedAt } = useQuery(pbxsQuery)
  const until = Math.ceil(useNow(60_000) / 60_000) * 60_000
  const { data: heard } = useQuery({ ...coverageQuery(new Date(until - 86_400_000).toISOString(), new Date(until).toISOString()), placeholderData: keepPreviousData })
  const [dialog, setDialog] = useState<Dialog>(null)
  const close = () => setDialog(null)
  const administrator = useCan('pbxs.write')
  const add = administrator && <Button size="xs" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({ kind: 'add' })}>{t`Add a PBX`}</Button>
  const since = formats.time(dataUpdatedAt)
  return (
    <>
      <div className={css.page}>
        <div className={css.top}><h2>{t`PBXs`}</h2>{isError && data && <span role="status" className={css.stale}>{t`Not live since ${since}`}</span>}{data && data.pbxs.length > 0 && add}</div>
        {isPending && <div role="status" aria-busy="true" aria-label={t`Loading PBXs`} className={css.list}><Skeleton height={190} radius={10} /><Skeleton height={190} radius={10} /></div>}
        {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
        {data?.pbxs.length === 0 && (
          <EmptyState icon={<IconServer2 />} title={t`No PBX yet`} text={administrator ? t`Add the first one: you get a command to run on it, and its queues and operators appear by themselves.` : t`An administrator can add the first one.`} action={add} />
        )}
        {data && data.pbxs.length > 0 && (
          <div className={css.list}>
            {data.pbxs.map(pbx => (
              <PBXCard key={pbx.id} pbx={pbx} heard={heard?.pbxs.find(one => one.id === pbx.id)} actions={administrator ? { token: () => setDialog({ kind: 'token', pbx }), revoke: () => setDialog({ kind: 'revoke', pbx }) } : null} />
            ))}
          </div>
        )}
      </div>
      <AddPBX opened={dialog?.kind === 'add'} close={close} stations={[...new Set(data?.pbxs.map(p => p.station))]} />
      {dialog?.kind === 'token' && <NewToken pbx={dialog.pbx} close={close} />}
      {dialog?.kind === 'revoke' && <Revoke pbx={dialog.pbx} close={close} />}
    </>
  )
}
