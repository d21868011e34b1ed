import { MultiSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { groupsQuery, peopleQuery, useNames } from '../api/queries.ts'
import type { Group } from '../api/types.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { ErrorState } from '../parts/States.tsx'
import { Files } from './Files.tsx'
import { type Column, Listing, LoadingPart } from './Listing.tsx'
import { useMay } from './may.ts'
import { AddButton, type Open, Quiet, RemoveDialog, Section, SettingsPart, useChange } from './Section.tsx'
import { useDevices } from './useDevices.ts'

/** Queues, and people and devices, that are looked at together. */
export function GroupsPage() {
  const may = useMay('settings')
  const names = useNames()
  const devices = useDevices()
  const people = useQuery(peopleQuery).data?.people ?? []
  const { data, isPending, isError, error, refetch } = useQuery(groupsQuery)
  const [open, setOpen] = useState<Open<Group>>(null)
  if (isPending) return <LoadingPart label={t`Loading groups`} />
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  const members = (one: Group) => [
    ...one.queues.map(names.queue), ...one.people.map(id => people.find(p => p.id === id)?.name ?? `#${id}`), ...one.operators.map(devices.label),
  ]
  const columns: Column<Group>[] = [
    { head: t`Name`, cell: one => one.name },
    { head: t`Members`, cell: one => members(one).join(', ') || t`nobody yet`, quiet: true },
    { head: t`Count`, cell: one => members(one).length, figure: true },
  ]
  const of = (kind: Group['kind']) => data.groups.filter(one => one.kind === kind)
  const list = (kind: Group['kind'], label: string, none: string) => (of(kind).length === 0
    ? <Quiet>{none}</Quiet>
    : <Listing label={label} rows={of(kind)} keyOf={one => one.id} nameOf={one => one.name} columns={columns} change={may ? row => setOpen({ kind: 'change', row }) : undefined} remove={may ? row => setOpen({ kind: 'remove', row }) : undefined} />)
  const tools = (
    <>
      {may && <AddButton onClick={() => setOpen({ kind: 'add' })}>{t`Add a group`}</AddButton>}
      <Files lists={[{ list: 'groups', name: t`Groups` }]} write={may} />
    </>
  )
  return (
    <SettingsPart>
      <Section title={t`Groups of queues`} text={t`Reports count a group as one, and what a supervisor sees can be limited to it. A queue may be in several.`} tools={tools}>
        {list('queues', t`Groups of queues`, t`None yet. Put queues together that one team serves.`)}
      </Section>
      <Section title={t`Groups of people and devices`} text={t`A person counts with the devices that are theirs at the time; a device counts whoever is at it.`}>
        {list('operators', t`Groups of people and devices`, t`None yet. Put people together who work as a team.`)}
      </Section>
      {(open?.kind === 'add' || open?.kind === 'change') && <GroupForm group={open.kind === 'change' ? open.row : undefined} close={() => setOpen(null)} />}
      {open?.kind === 'remove' && <RemoveDialog name={open.row.name} text={t`The members stay. Whoever was limited to this group sees nothing of it any more, and saved views lose it.`} remove={() => api.removeGroup(open.row.id)} close={() => setOpen(null)} />}
    </SettingsPart>
  )
}

const ids = (chosen: string[]) => chosen.map(Number)
const texts = (list: number[] | undefined) => (list ?? []).map(String)

function GroupForm({ group, close }: { group: Group | undefined; close(): void }) {
  const { directory } = useNames()
  const devices = useDevices()
  const people = useQuery(peopleQuery).data?.people ?? []
  const [kind, setKind] = useState<Group['kind']>(group?.kind ?? 'queues')
  const [name, setName] = useState(group?.name ?? '')
  const [queues, setQueues] = useState(texts(group?.queues))
  const [persons, setPersons] = useState(texts(group?.people))
  const [operators, setOperators] = useState(texts(group?.operators))
  const ofQueues = kind === 'queues'
  const save = useChange(() => api.setGroup({ id: group?.id ?? 0, kind, name: name.trim(), queues: ofQueues ? ids(queues) : [], people: ofQueues ? [] : ids(persons), operators: ofQueues ? [] : ids(operators) }), close)
  const common = { searchable: true, hidePickedOptions: true, nothingFoundMessage: t`Nothing found`, maxDropdownHeight: 220 }
  return (
    <FormDialog title={group ? t`Change the group` : t`Add a group`} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error} ready={name.trim() !== ''} size={560}>
      {!group && <SegmentedControl aria-label={t`A group of`} value={kind} onChange={value => setKind(value as Group['kind'])} data={[{ value: 'queues', label: t`Queues` }, { value: 'operators', label: t`People and devices` }]} />}
      <TextInput data-autofocus label={t`Name`} value={name} onChange={event => setName(event.currentTarget.value)} maxLength={200} required withAsterisk={false} />
      {ofQueues && <MultiSelect {...common} label={t`Queues`} data={directory.queues.map(one => ({ value: String(one.id), label: `${one.name || one.number} (${one.number}, ${one.station})` }))} value={queues} onChange={setQueues} />}
      {!ofQueues && <MultiSelect {...common} label={t`People`} data={people.map(one => ({ value: String(one.id), label: one.name }))} value={persons} onChange={setPersons} />}
      {!ofQueues && <MultiSelect {...common} label={t`Devices`} description={t`Only those that nobody is named for, or that count whoever is at them.`} data={devices.options} value={operators} onChange={setOperators} />}
    </FormDialog>
  )
}
