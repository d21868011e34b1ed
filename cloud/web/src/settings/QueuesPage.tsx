import { Select, TextInput } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { calendarsQuery, policiesQuery, queueSettingsQuery, zoneQuery } from '../api/queries.ts'
import type { QueueSettings } from '../api/types.ts'
import { useNow } from '../app/useToday.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { Files } from './Files.tsx'
import { type Column, Listing, LoadingPart } from './Listing.tsx'
import { useMay } from './may.ts'
import { inForceNow, policyShort } from './policies.ts'
import { Section, SettingsPart, useChange } from './Section.tsx'
import { zoneChoices } from './zones.ts'

/** What queues are called here, where and when they work. */
export function QueuesPage() {
  const may = useMay('settings')
  const { data, isPending, isError, error, refetch } = useQuery(queueSettingsQuery)
  const calendars = useQuery(calendarsQuery).data?.calendars ?? []
  const policies = useQuery(policiesQuery).data?.policies ?? []
  const tenant = useQuery(zoneQuery).data?.zone ?? ''
  const now = useNow(60_000)
  const [open, setOpen] = useState<QueueSettings | null>(null)
  if (isPending) return <LoadingPart label={t`Loading queues`} />
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  const { queues } = data
  const many = new Set(queues.map(one => one.station)).size > 1
  const columns: Column<QueueSettings>[] = [
    { head: t`Name`, cell: one => nameOf(one) },
    { head: t`Number`, cell: one => (many ? `${one.number} · ${one.station}` : one.number) },
    { head: t`Time zone`, cell: one => one.zone || tenant, quiet: true },
    { head: t`Hours`, cell: one => calendars.find(c => c.id === one.calendar)?.name ?? t`always open`, quiet: true },
    { head: t`Service level`, cell: one => policyShort(inForceNow(policies, one.id, now)), quiet: true },
  ]
  return (
    <SettingsPart>
      <Section title={t`Queues`} text={t`Queues appear by themselves when a PBX first names them. What they are called here, their zone and hours count in every report at once, also in past ones.`} tools={<Files lists={[{ list: 'queues', name: t`Queues` }]} write={may} />}>
        {queues.length === 0 && <EmptyState icon={<IconUsersGroup />} title={t`No queue was seen yet`} text={t`As soon as a connected PBX tells of a queue, it is listed here.`} />}
        {queues.length > 0 && <Listing label={t`Queues`} rows={queues} keyOf={one => one.id} nameOf={nameOf} columns={columns} change={may ? setOpen : undefined} />}
      </Section>
      {open && <QueueForm queue={open} tenant={tenant} close={() => setOpen(null)} />}
    </SettingsPart>
  )
}

const nameOf = (queue: QueueSettings) => queue.name || queue.seen || queue.number

function QueueForm({ queue, tenant, close }: { queue: QueueSettings; tenant: string; close(): void }) {
  const calendars = useQuery(calendarsQuery).data?.calendars ?? []
  const [name, setName] = useState(queue.name)
  const [zone, setZone] = useState<string | null>(queue.zone || null)
  const [calendar, setCalendar] = useState<string | null>(queue.calendar === null ? null : String(queue.calendar))
  const save = useChange(() => api.setQueue({ id: queue.id, name: name.trim(), zone: zone ?? '', calendar: calendar === null ? null : Number(calendar) }), close)
  const title = `${queue.station}/${queue.number}`
  return (
    <FormDialog title={t`Queue ${title}`} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error}>
      <TextInput data-autofocus label={t`Name`} description={t`As reports show it. Empty: as the PBX calls it.`} placeholder={queue.seen || queue.number} value={name} onChange={event => setName(event.currentTarget.value)} maxLength={200} />
      <Select label={t`Time zone`} description={t`Whose clock the days, hours and working hours of this queue go by.`} placeholder={t`As the company: ${tenant}`} data={zoneChoices(queue.zone)} value={zone} onChange={setZone} searchable clearable limit={100} nothingFoundMessage={t`Nothing found`} clearButtonProps={{ 'aria-label': t`As the company` }} />
      <Select label={t`Working hours`} description={t`They are made on the page Hours.`} placeholder={t`always open`} data={calendars.map(one => ({ value: String(one.id), label: one.name }))} value={calendar} onChange={setCalendar} clearable clearButtonProps={{ 'aria-label': t`Always open` }} />
    </FormDialog>
  )
}
