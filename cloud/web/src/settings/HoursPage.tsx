import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { api } from '../api/client.ts'
import { calendarsQuery, queueSettingsQuery, zoneQuery } from '../api/queries.ts'
import type { Calendar, Holiday } from '../api/types.ts'
import { useNow } from '../app/useToday.ts'
import { useFormats } from '../format/intl.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { Refused } from '../parts/Refused.tsx'
import { ErrorState } from '../parts/States.tsx'
import { Files } from './Files.tsx'
import { readHours, type Span, writeHours } from './hours.ts'
import css from './HoursPage.module.css'
import { type Column, Listing, LoadingPart } from './Listing.tsx'
import { useMay } from './may.ts'
import { AddButton, type Open, Quiet, RemoveDialog, Section, SettingsPart, useChange } from './Section.tsx'
import { weekdayNames } from './weekdays.ts'
import { zoneChoices, zoneOffset } from './zones.ts'

const newCalendar: Calendar = { id: 0, name: '', week: [[[540, 1080]], [[540, 1080]], [[540, 1080]], [[540, 1080]], [[540, 1080]], [], []], holidays: [] }

/** The company's time zone, working hours and holidays. */
export function HoursPage() {
  const may = useMay('policies')
  const formats = useFormats()
  const { data, isPending, isError, error, refetch } = useQuery(calendarsQuery)
  const queues = useQuery(queueSettingsQuery).data?.queues ?? []
  const [open, setOpen] = useState<Open<Calendar>>(null)
  if (isPending) return <LoadingPart label={t`Loading hours`} />
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  const { calendars } = data
  const days = weekdayNames(formats.language, 'short')
  const usedBy = (one: Calendar) => queues.filter(queue => queue.calendar === one.id).map(queue => queue.name || queue.seen || queue.number)
  const columns: Column<Calendar>[] = [
    { head: t`Name`, cell: one => one.name },
    { head: t`Hours`, cell: one => <WeekText week={one.week} days={days} /> },
    { head: t`Days that differ`, cell: one => one.holidays.length, figure: true },
    { head: t`Queues`, cell: one => usedBy(one).join(', ') || t`none yet`, quiet: true },
  ]
  const tools = (
    <>
      {may && <AddButton onClick={() => setOpen({ kind: 'add' })}>{t`Add hours`}</AddButton>}
      <Files lists={[{ list: 'hours', name: t`Hours` }, { list: 'holidays', name: t`Holidays` }]} write={may} />
    </>
  )
  return (
    <SettingsPart>
      <ZoneSection may={may} />
      <Section title={t`Working hours`} text={t`By the clock of the queue that has them. Reports can leave out what was outside; holidays have hours of their own, or none.`} tools={tools}>
        {calendars.length === 0 && <Quiet>{t`No hours yet: all queues count as always open. Add hours, then give them to queues on the page Queues.`}</Quiet>}
        {calendars.length > 0 && <Listing label={t`Working hours`} rows={calendars} keyOf={one => one.id} nameOf={one => one.name} columns={columns} change={may ? row => setOpen({ kind: 'change', row }) : undefined} remove={may ? row => setOpen({ kind: 'remove', row }) : undefined} />}
      </Section>
      {(open?.kind === 'add' || open?.kind === 'change') && <CalendarForm calendar={open.kind === 'change' ? open.row : newCalendar} close={() => setOpen(null)} />}
      {open?.kind === 'remove' && <RemoveDialog name={open.row.name} text={t`Hours that a queue works by cannot be removed.`} remove={() => api.removeCalendar(open.row.id)} close={() => setOpen(null)} />}
    </SettingsPart>
  )
}

function ZoneSection({ may }: { may: boolean }) {
  const { data } = useQuery(zoneQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const zone = chosen ?? data?.zone ?? null
  const save = useChange(() => api.setZone(zone ?? ''), () => setChosen(null))
  const now = useNow(60_000)
  if (!data) return null
  const offset = zoneOffset(zone ?? data.zone, now)
  return (
    <Section title={t`Time zone of the company`} text={t`Days, hours and “today” go by it, but for queues that have a zone of their own.`}>
      {may
        ? (
          <div className={css.zone}>
            <Select size="xs" aria-label={t`Time zone of the company`} data={zoneChoices(data.zone)} value={zone} onChange={setChosen} searchable allowDeselect={false} limit={100} nothingFoundMessage={t`Nothing found`} />
            <span className={`${css.quiet} num`}>{offset}</span>
            {zone !== data.zone && <Button size="xs" loading={save.isPending} onClick={() => save.mutate()}>{t`Save`}</Button>}
          </div>
        )
        : <p>{data.zone} <span className={css.quiet}>{offset}</span></p>}
      <Refused problem={save.error} />
    </Section>
  )
}

/** A week in as few words as say it: days with the same hours stand together. */
function WeekText({ week, days }: { week: Calendar['week']; days: string[] }) {
  const runs: { from: number; to: number; hours: string }[] = []
  week?.forEach((spans, i) => {
    const hours = writeHours(spans)
    const last = runs.at(-1)
    if (last?.hours === hours) last.to = i
    else runs.push({ from: i, to: i, hours })
  })
  return (
    <span className={css.week}>
      {runs.map(({ from, to, hours }) => (
        <span key={from}><b>{from === to ? days[from] : `${days[from]}–${days[to]}`}</b> <span className="num">{hours.replaceAll('-', '–') || t`closed`}</span></span>
      ))}
    </span>
  )
}

interface Drawn { key: number; day: string; name: string; hours: string }

function CalendarForm({ calendar, close }: { calendar: Calendar; close(): void }) {
  const formats = useFormats()
  const [name, setName] = useState(calendar.name)
  const [week, setWeek] = useState(() => (calendar.week ?? []).map(spans => writeHours(spans)))
  const [holidays, setHolidays] = useState<Drawn[]>(() => calendar.holidays.map((one, key) => ({ key, day: one.day, name: one.name, hours: writeHours(one.hours) })))
  const spans = week.map(readHours)
  const days = holidays.map((one): Holiday | null => {
    const hours = readHours(one.hours)
    return hours && one.day ? { day: one.day, name: one.name.trim(), hours } : null
  })
  const ready = name.trim() !== '' && spans.every(one => one !== null) && days.every(one => one !== null)
  const save = useChange(() => api.setCalendar({ id: calendar.id, name: name.trim(), week: spans as Span[][] as Calendar['week'], holidays: days.filter(one => one !== null) }), close)
  const wrong = (hours: Span[] | null) => (hours ? undefined : t`Write it as 09:00-13:00 14:00-18:00; past midnight it goes on the next day.`)
  return (
    <FormDialog title={calendar.id ? t`Change the hours` : t`Add hours`} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error} ready={ready} size={640}>
      <TextInput data-autofocus label={t`Name`} value={name} onChange={event => setName(event.currentTarget.value)} maxLength={200} required withAsterisk={false} />
      <fieldset className={css.days}>
        <legend>{t`Week`}</legend>
        {weekdayNames(formats.language, 'long').map((day, i) => (
          <TextInput key={day} size="xs" label={day} placeholder={t`closed`} value={week[i] ?? ''} error={wrong(spans[i] ?? null)} onChange={event => { const text = event.currentTarget.value; setWeek(old => old.map((one, n) => (n === i ? text : one))) }} />
        ))}
      </fieldset>
      <Holidays holidays={holidays} set={setHolidays} wrong={wrong} />
    </FormDialog>
  )
}

function Holidays({ holidays, set, wrong }: { holidays: Drawn[]; set(next: Drawn[]): void; wrong(hours: Span[] | null): string | undefined }) {
  const change = (key: number, more: Partial<Drawn>) => set(holidays.map(one => (one.key === key ? { ...one, ...more } : one)))
  const count = holidays.length
  return (
    <fieldset className={css.holidays}>
      <legend>{t`Days that differ`} <span className={css.quiet}>{count > 0 && ngettext(msgid`${count} day`, `${count} days`, count)}</span></legend>
      <div className={css.scroll}>
        {holidays.map(one => {
          const day = one.day || t`a new day`
          return (
            <div key={one.key} className={css.holiday}>
              <TextInput size="xs" type="date" aria-label={t`Day`} value={one.day} onChange={event => change(one.key, { day: event.currentTarget.value })} />
              <TextInput size="xs" aria-label={t`Name of ${day}`} placeholder={t`Name`} value={one.name} onChange={event => change(one.key, { name: event.currentTarget.value })} maxLength={200} />
              <TextInput size="xs" aria-label={t`Hours of ${day}`} placeholder={t`closed`} value={one.hours} error={wrong(readHours(one.hours))} onChange={event => change(one.key, { hours: event.currentTarget.value })} />
              <ActionIcon variant="subtle" color="gray" aria-label={t`Remove ${day}`} onClick={() => set(holidays.filter(other => other !== one))}><IconTrash size={17} stroke={1.6} /></ActionIcon>
            </div>
          )
        })}
      </div>
      <div><Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => set([...holidays, { key: Math.max(0, ...holidays.map(one => one.key)) + 1, day: '', name: '', hours: '' }])}>{t`Add a day`}</Button></div>
      <p className={css.quiet}>{t`A list of a year's holidays is quicker by CSV, from this page's menu.`}</p>
    </fieldset>
  )
}
