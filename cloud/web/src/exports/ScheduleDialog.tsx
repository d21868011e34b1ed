import { Checkbox, Chip, Group, MultiSelect, NumberInput, SegmentedControl, Select, TagsInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { useSession } from '../api/queries.ts'
import type { Language, ReportQuery, Rhythm, Schedule, ScheduleBody } from '../api/types.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { recipientsQuery, schedulesQuery } from './queries.ts'
import { clockOf, minutesOf, periodNames, periodWord, weekdayNames } from './words.ts'

interface Props {
  /** The report as the page shows it; the period does not matter. */
  query: ReportQuery
  /** The same in the page's address, without a period. */
  search: string
  /** What the letter is called by itself. */
  name: string
  /** The one that is changed; none: a new one. */
  schedule?: Schedule
  close(): void
}

type Format = ScheduleBody['formats'][number]
const formats: { value: Format; label: string }[] = [{ value: 'xlsx', label: 'Excel (XLSX)' }, { value: 'csv', label: 'CSV' }, { value: 'parquet', label: 'Parquet' }]

/** Sets up that a report goes out by e-mail. */
export function ScheduleDialog({ query, search, name, schedule, close }: Props) {
  const client = useQueryClient()
  const { user, tenant } = useSession()
  const { data: recipients } = useQuery(recipientsQuery)
  const [form, setForm] = useState<ScheduleBody>(() => schedule ?? {
    name, query, search, period: 'yesterday', rhythm: { every: 'day', weekdays: [1], day: 1, at: 8 * 60, zone: tenant?.zone ?? '' },
    language: user.language, formats: ['xlsx'], users: [], addresses: [], paused: false,
  })
  const [clock, setClock] = useState(clockOf(form.rhythm.at))
  const change = (part: Partial<ScheduleBody>) => setForm(old => ({ ...old, ...part }))
  const rhythm = (part: Partial<Rhythm>) => change({ rhythm: { ...form.rhythm, ...part } })
  const at = minutesOf(clock)
  const save = useMutation({
    mutationFn: () => {
      const body = bodyOf(form, at ?? 0)
      return schedule ? api.changeSchedule(schedule.id, body) : api.addSchedule(body)
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: schedulesQuery.queryKey })
      close()
    },
  })
  const someone = form.users.length + form.addresses.length > 0
  const days = form.rhythm.every !== 'week' || (form.rhythm.weekdays ?? []).length > 0
  const ready = form.name.trim() !== '' && at !== undefined && someone && days
  return (
    <FormDialog title={schedule ? t`Change the schedule` : t`Send by e-mail`} close={close} submit={() => save.mutate()} verb={schedule ? t`Save` : t`Set up`} pending={save.isPending} problem={save.error} ready={ready} size={560}>
      {recipients?.mail === false && <p role="status">{t`No mail server is set yet: nothing goes out before an administrator sets one in Settings, E-mail.`}</p>}
      <TextInput data-autofocus label={t`Name`} description={t`The subject of the letter begins with it.`} value={form.name} onChange={event => change({ name: event.currentTarget.value })} maxLength={100} required withAsterisk={false} />
      <Select label={t`What it is about`} data={periodNames.map(value => ({ value, label: periodWord(value) }))} value={form.period} onChange={value => change({ period: periodNames.find(one => one === value) ?? 'yesterday' })} allowDeselect={false} />
      <When form={form} rhythm={rhythm} clock={clock} setClock={setClock} wrong={at === undefined} language={user.language} />
      <MultiSelect label={t`Users`} description={t`Each gets it in their own language, at the address they sign in with.`} data={(recipients?.users ?? []).map(u => ({ value: u.id, label: `${u.name} (${u.address})` }))} value={form.users} onChange={users => change({ users })} searchable hidePickedOptions nothingFoundMessage={t`Nobody of that name signs in with an e-mail address`} />
      <TagsInput label={t`Other addresses`} description={allowedWords(recipients?.allowed)} value={form.addresses} onChange={addresses => change({ addresses })} splitChars={[',', ' ', ';']} />
      {form.addresses.length > 0 && <Select label={t`Their language`} data={[{ value: 'en', label: 'English' }, { value: 'ru', label: 'Русский' }]} value={form.language} onChange={value => change({ language: (value ?? 'en') as Language })} allowDeselect={false} />}
      <Checkbox.Group label={t`Files with the letter`} description={t`The letter itself shows the key figures, the first rows and a picture.`} value={form.formats} onChange={chosen => change({ formats: formats.filter(f => chosen.includes(f.value)).map(f => f.value) })}>
        <Group mt={6}>{formats.map(f => <Checkbox key={f.value} value={f.value} label={f.label} />)}</Group>
      </Checkbox.Group>
    </FormDialog>
  )
}

interface WhenProps { form: ScheduleBody; rhythm(part: Partial<Rhythm>): void; clock: string; setClock(clock: string): void; wrong: boolean; language: string }

function When({ form, rhythm, clock, setClock, wrong, language }: WhenProps) {
  const zones = [...new Set([form.rhythm.zone, ...Intl.supportedValuesOf('timeZone')])].filter(zone => zone !== '')
  const every = (value: string) => rhythm({ every: value === 'week' || value === 'month' ? value : 'day' })
  return (
    <>
      <SegmentedControl aria-label={t`How often`} fullWidth value={form.rhythm.every} onChange={every} data={[{ value: 'day', label: t`Every day` }, { value: 'week', label: t`Every week` }, { value: 'month', label: t`Every month` }]} />
      {form.rhythm.every === 'week' && (
        <Chip.Group multiple value={(form.rhythm.weekdays ?? []).map(String)} onChange={days => rhythm({ weekdays: days.map(Number).sort((a, b) => a - b) })}>
          <Group gap={6} role="group" aria-label={t`Weekdays`}>
            {weekdayNames(language, 'short').map((day, i) => <Chip key={day} value={String(i + 1)} size="xs">{day}</Chip>)}
          </Group>
        </Chip.Group>
      )}
      {form.rhythm.every === 'month' && <NumberInput label={t`Day of the month`} description={t`In a shorter month it is its last day.`} min={1} max={31} value={form.rhythm.day ?? 1} onChange={value => rhythm({ day: Math.min(31, Math.max(1, Number(value) || 1)) })} />}
      <Group grow align="flex-start">
        <TextInput label={t`At`} type="time" value={clock} onChange={event => setClock(event.currentTarget.value)} error={wrong && t`Enter a time of day`} />
        <Select label={t`Time zone`} data={zones} value={form.rhythm.zone} onChange={zone => rhythm({ zone: zone ?? '' })} searchable allowDeselect={false} />
      </Group>
    </>
  )
}

function allowedWords(allowed: string[] | undefined): string {
  if (!allowed || allowed.length === 0) return t`An administrator has to allow them first, in Settings, E-mail.`
  const list = allowed.slice(0, 4).join(', ')
  return allowed.length > 4 ? t`Allowed are ${list} and others.` : t`Allowed are ${list}.`
}

/** What the server is told: of the rhythm only what it has. */
function bodyOf({ name, query, search, period, rhythm, language, formats: files, users, addresses, paused }: ScheduleBody, at: number): ScheduleBody {
  const { every, zone } = rhythm
  return {
    name: name.trim(), query, search, period, language, formats: files, users, addresses, paused,
    rhythm: { every, at, zone, ...(every === 'week' && { weekdays: rhythm.weekdays ?? [] }), ...(every === 'month' && { day: rhythm.day ?? 1 }) },
  }
}
