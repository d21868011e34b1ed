import '@mantine/core/styles/Pill.css'
import '@mantine/core/styles/PillsInput.css'
import { ActionIcon, Button, Checkbox, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core'
import { IconSend, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { c, t } from 'ttag'
import { api } from '../api/client.ts'
import { useSession } from '../api/queries.ts'
import type { ReportQuery, Schedule, ScheduleBody } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { Refused } from '../parts/Refused.tsx'
import type { Definition, Query } from './contract.ts'
import css from './ScheduleDialog.module.css'
import { weekdayWord } from './values.ts'

type Every = ScheduleBody['rhythm']['every']
type Format = ScheduleBody['formats'][number]

const periods = (): { value: ScheduleBody['period']; label: string }[] => [
  { value: 'yesterday', label: t`Yesterday` }, { value: 'today', label: t`Today` }, { value: '7d', label: t`7 days` }, { value: '30d', label: t`30 days` },
  { value: 'last-week', label: t`Last week` }, { value: 'this-week', label: t`This week` }, { value: 'last-month', label: t`Last month` }, { value: 'this-month', label: t`This month` },
]

/** Has the report sent by e-mail; lists the sendings of this report that are set up already. */
export function ScheduleDialog({ definition, query, search, close }: { definition: Definition; query: Query; search: string; close(): void }) {
  const { user } = useSession()
  const { language } = useFormats()
  const client = useQueryClient()
  const [name, setName] = useState(definition.title)
  const [every, setEvery] = useState<Every>('day')
  const [weekdays, setWeekdays] = useState<string[]>(['1'])
  const [day, setDay] = useState('1')
  const [at, setAt] = useState('08:00')
  const [period, setPeriod] = useState<ScheduleBody['period']>('yesterday')
  const [formats, setFormats] = useState<Format[]>(['xlsx'])
  const [me, setMe] = useState(true)
  const [addresses, setAddresses] = useState<string[]>([])
  const refresh = () => void client.invalidateQueries({ queryKey: ['schedules'] })
  const add = useMutation({ mutationFn: (body: ScheduleBody) => api.addSchedule(body), onSuccess: () => { refresh(); close() } })
  const [hours, minutes] = at.split(':').map(Number)
  const submit = () => {
    const rhythm = { every, at: (hours ?? 8) * 60 + (minutes ?? 0), zone: '', ...(every === 'week' && { weekdays: weekdays.map(Number).sort() }), ...(every === 'month' && { day: Number(day) }) }
    const { before: _, ...rest } = query
    add.mutate({ name: name.trim(), query: { ...rest, ...(query.before && { before: query.before }) } as unknown as ReportQuery, search, period, rhythm, language: language === 'ru' ? 'ru' : 'en', formats, users: me ? [user.id] : [], addresses, paused: false })
  }
  const ready = name.trim() !== '' && /^\d\d:\d\d$/.test(at) && (me || addresses.length > 0) && (every !== 'week' || weekdays.length > 0)
  return (
    <FormDialog title={t`Send by e-mail at set times`} close={close} submit={submit} verb={t`Set up`} pending={add.isPending} problem={add.error} ready={ready} size={560}>
      <Existing report={definition.id} refresh={refresh} />
      <TextInput label={t`Subject`} value={name} maxLength={100} data-autofocus onChange={event => setName(event.currentTarget.value)} />
      <div className={css.row}>
        <Select label={t`Every`} data={[{ value: 'day', label: c('every').t`day` }, { value: 'week', label: c('every').t`week` }, { value: 'month', label: c('every').t`month` }]} value={every} onChange={value => setEvery((value ?? 'day') as Every)} allowDeselect={false} />
        {every === 'month' && <Select label={t`on day`} data={Array.from({ length: 31 }, (_, i) => String(i + 1))} value={day} onChange={value => setDay(value ?? '1')} allowDeselect={false} />}
        <TextInput type="time" label={t`at`} value={at} onChange={event => setAt(event.currentTarget.value)} />
      </div>
      {every === 'week' && <MultiSelect label={t`on`} data={[1, 2, 3, 4, 5, 6, 7].map(n => ({ value: String(n), label: weekdayWord(n, language) }))} value={weekdays} onChange={setWeekdays} />}
      <Select label={t`Period of the report`} data={periods()} value={period} onChange={value => setPeriod((value ?? 'yesterday') as ScheduleBody['period'])} allowDeselect={false} />
      <Checkbox.Group label={t`With the files`} value={formats} onChange={value => setFormats(value as Format[])}>
        <div className={css.row}><Checkbox value="xlsx" label="XLSX" /><Checkbox value="csv" label="CSV" /><Checkbox value="parquet" label="Parquet" /></div>
      </Checkbox.Group>
      <Checkbox label={t`To me (${user.login})`} checked={me} onChange={event => setMe(event.currentTarget.checked)} />
      <TagsInput label={t`and to these addresses`} placeholder="name@example.com" value={addresses} onChange={setAddresses} description={t`What is in the letters is what you may see, checked anew at each sending.`} />
    </FormDialog>
  )
}

function Existing({ report, refresh }: { report: string; refresh(): void }) {
  const { data } = useQuery({ queryKey: ['schedules'], queryFn: ({ signal }) => api.schedules(signal) })
  const all = (data?.schedules ?? []).filter(one => (one.query as unknown as Query).report === report)
  if (all.length === 0) return null
  return <ul className={css.existing} aria-label={t`Set up already`}>{all.map(one => <One key={one.id} schedule={one} refresh={refresh} />)}</ul>
}

function One({ schedule, refresh }: { schedule: Schedule; refresh(): void }) {
  const formats = useFormats()
  const send = useMutation({ mutationFn: () => api.sendNow(schedule.id), onSuccess: refresh })
  const remove = useMutation({ mutationFn: () => api.removeSchedule(schedule.id), onSuccess: refresh })
  const next = schedule.next ? formats.moment(schedule.next) : ''
  return (
    <li>
      <span><b>{schedule.name}</b> {next ? t`next: ${next}` : t`paused`}{schedule.last?.problem && <em> {schedule.last.problem}</em>}{send.isSuccess && <> · {t`on its way`}</>}</span>
      <Button size="compact-xs" variant="subtle" leftSection={<IconSend size={13} aria-hidden />} loading={send.isPending} onClick={() => send.mutate()}>{t`Send now`}</Button>
      {schedule.own && <ActionIcon variant="subtle" color="gray" aria-label={t`Remove ${schedule.name}`} onClick={() => remove.mutate()}><IconTrash size={15} /></ActionIcon>}
      <Refused problem={send.error ?? remove.error} />
    </li>
  )
}
