import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from 'ttag'
import { stationsQuery } from '../api/queries.ts'
import { useCan } from '../api/rights.ts'
import type { NumberVerdict } from '../api/types.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { Learned } from './Learned.tsx'
import css from './NumbersPage.module.css'
import { References } from './References.tsx'
import { Rules } from './Rules.tsx'
import { Bar } from './Split.tsx'
import { StationPicker } from './StationPicker.tsx'
import { Tester } from './Tester.tsx'

/** What numbers of a station are: asked, ruled, learned and corrected. */
export function NumbersPage() {
  const administrator = useCan('settings.write')
  const search = useSearch({ from: '/settings' })
  const { data, isPending, isError, error, refetch } = useQuery(stationsQuery)
  const station = data?.stations.find(one => one.id === search.station) ?? data?.stations[0]
  return (
    <>
      {data && data.stations.length > 1 && <Bar><StationPicker value={station?.id} /></Bar>}
      <div className={css.page}>
        {isPending && <div role="status" aria-busy="true" aria-label={t`Loading numbers`} className={css.part}><Skeleton height={90} /><Skeleton height={180} /><Skeleton height={180} /></div>}
        {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
        {data && !station && <EmptyState title={t`No PBX yet`} text={t`Numbers belong to a PBX. An administrator adds the first one on the page PBXs.`} />}
        {station && <Parts key={station.id} station={station.id} administrator={administrator} />}
      </div>
    </>
  )
}

function Parts({ station, administrator }: { station: number; administrator: boolean }) {
  const [verdict, setVerdict] = useState<NumberVerdict | undefined>()
  return (
    <div className={css.parts}>
      <Tester station={station} told={setVerdict} />
      <Rules station={station} administrator={administrator} hit={verdict?.by === 'rule' ? verdict.position : undefined} />
      <Learned station={station} administrator={administrator} />
      <References administrator={administrator} />
    </div>
  )
}
