import { Button, Select, TextInput } from '@mantine/core'
import { IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useMatch, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from 'ttag'
import { peopleQuery } from '../api/queries.ts'
import { useCan } from '../api/rights.ts'
import type { Person } from '../api/types.ts'
import { useNow } from '../app/useToday.ts'
import { useFormats } from '../format/intl.ts'
import { instantOf, wallOf } from '../format/zone.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { devicesOf, fits, holderOf } from './bindings.ts'
import { Files } from './Files.tsx'
import css from './PeoplePage.module.css'
import { PersonForm } from './PersonForm.tsx'
import { Bar, Find, LoadingRows, Rows, Split } from './Split.tsx'
import split from './Split.module.css'
import { useDevices } from './useDevices.ts'

/** People and the devices they work at, now and before. */
export function PeoplePage() {
  const { data, isPending, isError, error, refetch } = useQuery(peopleQuery)
  const open = useMatch({ from: '/settings/people/$personId', shouldThrow: false })?.params.personId
  const { find = '' } = useSearch({ from: '/settings' })
  const devices = useDevices()
  const [adding, setAdding] = useState(false)
  const administrator = useCan('settings.write')
  const people = data?.people ?? []
  const found = people.filter(one => fits(one, find, devices.label))
  const add = administrator && <Button size="xs" leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>{t`Add a person`}</Button>
  const list = (
    <>
      <Bar>
        <Find label={t`Name, note or device`} />
        {data && <span className={`${split.end} ${css.tools}`}>{people.length > 0 && add}<Files lists={[{ list: 'people', name: t`People` }]} write={administrator} /></span>}
      </Bar>
      {isPending && <LoadingRows label={t`Loading people`} />}
      {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
      {data && people.length === 0 && (
        <EmptyState icon={<IconUsers />} title={t`Nobody is named yet`} text={administrator ? t`PBXs know devices, not people. Add those who work at them, and calls and reports show their names.` : t`PBXs know devices, not people. An administrator can add those who work at them.`} action={add} />
      )}
      {people.length > 0 && found.length === 0 && <EmptyState title={t`Nobody fits`} text={t`Names, notes and devices are searched. Try a part of one.`} />}
      {found.length > 0 && (
        <Rows rows={found} label={t`People`}>
          {person => <PersonRow key={person.id} person={person} open={open === String(person.id)} />}
        </Rows>
      )}
      {people.length > 0 && <WhoHad people={people} />}
    </>
  )
  return (
    <>
      <Split label={t`People`} open={open !== undefined} list={list} detail={<Outlet />} />
      {adding && <PersonForm close={() => setAdding(false)} />}
    </>
  )
}

function PersonRow({ person, open }: { person: Person; open: boolean }) {
  const formats = useFormats()
  const devices = useDevices()
  const now = useNow(60_000)
  const has = devicesOf(person, now).map(one => devices.label(one.operator))
  return (
    <li>
      <Link data-stop to="/settings/people/$personId" params={{ personId: String(person.id) }} search={old => old} className={`${split.row} ${css.person}`} aria-current={open || undefined}>
        <b className={split.cut}>{person.name}</b>
        <span className={`${split.cut} ${has.length > 0 ? 'num' : split.quiet}`}>{has.length > 0 ? formats.list(has) : t`no device now`}</span>
        <span className={`${split.cut} ${split.quiet} ${css.note}`}>{person.note}</span>
      </Link>
    </li>
  )
}

/** The question one asks of a past call: whose was this device then? */
function WhoHad({ people }: { people: Person[] }) {
  const formats = useFormats()
  const devices = useDevices()
  const [operator, setOperator] = useState<string | null>(null)
  const [wall, setWall] = useState(() => wallOf(Date.now(), formats.zone))
  const at = instantOf(wall, formats.zone)
  const holder = operator && at ? holderOf(people, Number(operator), at.getTime()) : undefined
  const since = holder ? formats.moment(holder.binding.from) : ''
  const until = holder?.binding.to ? formats.moment(holder.binding.to) : ''
  const name = holder?.person.name ?? ''
  return (
    <details className={css.had}>
      <summary>{t`Who had a device at a moment?`}</summary>
      <div className={css.ask}>
        <Select size="xs" label={t`Device`} data={devices.options} value={operator} onChange={setOperator} searchable nothingFoundMessage={t`Nothing found`} comboboxProps={{ width: 'max-content', position: 'top-start', shadow: 'md' }} />
        <TextInput size="xs" type="datetime-local" label={t`Moment`} value={wall} onChange={event => setWall(event.currentTarget.value)} />
      </div>
      <p role="status" className={css.answer}>
        {!operator || !at ? t`Choose a device and a moment.` : !holder ? t`Nobody is named for that moment.` : until ? t`${name}, from ${since} to ${until}.` : t`${name}, since ${since}.`}
      </p>
    </details>
  )
}
