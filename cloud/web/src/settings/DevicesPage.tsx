import { Checkbox, SegmentedControl } from '@mantine/core'
import { IconDeviceLandlinePhone, IconHelpCircle, IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { t } from 'ttag'
import { endpointsQuery, useNames } from '../api/queries.ts'
import type { Endpoint } from '../api/types.ts'
import { endpointClasses, type SettingsSearch } from '../app/search.ts'
import { useFormats } from '../format/intl.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { endpointWord } from '../parts/words.ts'
import css from './DevicesPage.module.css'
import { EndpointDetail } from './EndpointDetail.tsx'
import { counts, wanted } from './endpoints.ts'
import { Bar, Find, LoadingRows, Rows, Split } from './Split.tsx'
import split from './Split.module.css'
import { StationPicker } from './StationPicker.tsx'

/** Endpoints of the PBXs, what each is taken for and by which signs; people correct it here. */
export function DevicesPage() {
  const search = useSearch({ from: '/settings' })
  const navigate = useNavigate()
  const { data, isPending, isError, error, refetch } = useQuery(endpointsQuery)
  const names = useNames()
  const set = useCallback((change: Partial<SettingsSearch>) => void navigate({ to: '.', search: old => ({ ...old, ...change }), replace: true }), [navigate])
  const close = useCallback(() => set({ of: undefined, endpoint: undefined }), [set])
  const endpoints = data?.endpoints ?? []
  const found = wanted(endpoints, search)
  const open = endpoints.find(one => one.pbx === search.of && one.endpoint === search.endpoint)
  const many = names.directory.pbxs.length > 1
  const list = (
    <>
      <Bar>
        <Find label={t`Endpoint, number or name`} />
        <StationPicker all value={search.station} />
        {endpoints.length > 0 && <Classes endpoints={endpoints} search={search} set={set} />}
        {endpoints.some(one => one.correction) && <Checkbox size="xs" label={t`Only corrected`} checked={search.corrected ?? false} onChange={event => set({ corrected: event.currentTarget.checked || undefined })} />}
      </Bar>
      {isPending && <LoadingRows label={t`Loading devices`} />}
      {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
      {data && endpoints.length === 0 && <EmptyState icon={<IconDeviceLandlinePhone />} title={t`No device was seen yet`} text={t`Devices and trunks appear by themselves with the first call of a PBX. If there should be some, see whether every PBX is connected.`} />}
      {endpoints.length > 0 && found.length === 0 && <EmptyState title={t`No endpoint fits`} text={t`Take a filter away, or search for a part of its name.`} />}
      {found.length > 0 && (
        <>
          <div className={`${css.heads} ${css.endpoint}`} data-pbxs={many || undefined} aria-hidden>
            <span>{t`Endpoint`}</span><span>{t`Taken for`}</span><span>{t`Number`}</span><span>{t`Name`}</span>{many && <span>{t`PBX`}</span>}<span className={css.when}>{t`Last seen`}</span>
          </div>
          <Rows rows={found} label={t`Endpoints`}>
            {one => <Row key={`${one.pbx} ${one.endpoint}`} endpoint={one} open={one === open} many={many} show={() => set({ of: one.pbx, endpoint: one.endpoint })} />}
          </Rows>
        </>
      )}
    </>
  )
  return <Split label={t`Devices`} open={open !== undefined} list={list} detail={open && <EndpointDetail key={`${open.pbx} ${open.endpoint}`} endpoint={open} close={close} />} />
}

function Classes({ endpoints, search, set }: { endpoints: Endpoint[]; search: SettingsSearch; set(change: Partial<SettingsSearch>): void }) {
  const formats = useFormats()
  const n = counts(endpoints, search)
  const data = [{ value: 'all', label: `${t`All`} ${formats.number(n.all)}` }, ...endpointClasses.map(one => ({ value: one, label: `${endpointWord(one)} ${formats.number(n[one])}` }))]
  return <SegmentedControl size="xs" aria-label={t`Taken for`} data={data} value={search.class ?? 'all'} onChange={value => set({ class: endpointClasses.find(one => one === value) })} />
}

const icons = { device: IconDeviceLandlinePhone, trunk: IconPlugConnected, unknown: IconHelpCircle }

function Row({ endpoint, open, many, show }: { endpoint: Endpoint; open: boolean; many: boolean; show(): void }) {
  const formats = useFormats()
  const names = useNames()
  const Icon = icons[endpoint.class]
  return (
    <li>
      <button type="button" data-stop className={`${split.row} ${css.endpoint}`} data-pbxs={many || undefined} aria-current={open || undefined} onClick={show}>
        <b className={split.cut}>{endpoint.endpoint}</b>
        <span className={css.class} data-class={endpoint.class}>
          <Icon size={16} stroke={1.6} aria-hidden />
          {endpointWord(endpoint.class)}
          {endpoint.correction && <span className={css.said} title={t`Somebody said so`}>•<span className="mantine-VisuallyHidden-root">{t`Somebody said so`}</span></span>}
        </span>
        <span className={`${split.cut} num`}>{endpoint.number}</span>
        <span className={`${split.cut} ${split.quiet}`}>{endpoint.name}</span>
        {many && <span className={`${split.cut} ${split.quiet}`}>{names.pbx(endpoint.pbx)}</span>}
        <span className={`${split.quiet} ${css.when} num`}>{endpoint.last_seen ? formats.day(endpoint.last_seen) : '–'}</span>
      </button>
    </li>
  )
}
