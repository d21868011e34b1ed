import { ActionIcon, Button, TextInput, VisuallyHidden } from '@mantine/core'
import { IconCalendarTime, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { peopleQuery, rostersQuery } from '../api/queries.ts'
import type { PersonRef, Shift } from '../api/types.ts'
import { useNow } from '../app/useToday.ts'
import { useFormats } from '../format/intl.ts'
import { addDays, type Day, dayOf, dayStart } from '../format/zone.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { Files } from './Files.tsx'
import { LoadingPart } from './Listing.tsx'
import { useMay } from './may.ts'
import { monday, ofDay, readDay, writeDay } from './roster.ts'
import css from './RostersPage.module.css'
import { Section, SettingsPart, useChange } from './Section.tsx'

interface Cell { person: PersonRef; day: Day }

/** When people are scheduled to work, a week at a time; the way to fill it is a file. */
export function RostersPage() {
  const may = useMay('settings')
  const formats = useFormats()
  const { zone } = formats
  const [week, setWeek] = useState(() => monday(dayOf(Date.now(), zone)))
  const people = useQuery(peopleQuery)
  const from = dayStart(week, zone).toISOString()
  const to = dayStart(addDays(week, 8), zone).toISOString() // breaks after the last midnight
  const { data, isPending, isError, error, refetch } = useQuery(rostersQuery(from, to))
  const [open, setOpen] = useState<Cell | null>(null)
  const today = dayOf(useNow(60_000), zone)
  if (people.isPending) return <LoadingPart label={t`Loading rosters`} />
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  const persons = people.data?.people ?? []
  const shifts = data?.shifts ?? []
  const days = Array.from({ length: 7 }, (_, i) => addDays(week, i))
  const first = formats.day(dayStart(week, zone).getTime())
  const last = formats.day(dayStart(addDays(week, 6), zone).getTime())
  return (
    <SettingsPart>
      <Section title={t`Rosters`} text={t`Who is scheduled when. Adherence and conformance compare it with what operators did. A file with the columns person, kind, from and to fills it at once; what a file says of a person stands for all days it speaks of.`} tools={<Files lists={[{ list: 'rosters', name: t`Rosters` }]} write={may} />}>
        {persons.length === 0 && <EmptyState icon={<IconCalendarTime />} title={t`Nobody to schedule yet`} text={t`Rosters are of people. Add them on the page People first.`} />}
        {persons.length > 0 && (
          <>
            <div className={css.weeks}>
              <ActionIcon variant="default" aria-label={t`The week before`} onClick={() => setWeek(old => addDays(old, -7))}><IconChevronLeft size={17} /></ActionIcon>
              <b className="num" role="status">{t`${first} to ${last}`}</b>
              <ActionIcon variant="default" aria-label={t`The week after`} onClick={() => setWeek(old => addDays(old, 7))}><IconChevronRight size={17} /></ActionIcon>
              <Button size="compact-sm" variant="default" onClick={() => setWeek(monday(dayOf(Date.now(), zone)))}>{t`This week`}</Button>
            </div>
            <div className={css.frame} tabIndex={0} role="region" aria-label={t`Week`} aria-busy={isPending}>
              <table className={css.table}>
                <thead>
                  <tr>
                    <th scope="col">{t`Person`}</th>
                    {days.map(day => <th key={day} scope="col" data-today={day === today || undefined}>{new Intl.DateTimeFormat(formats.language === 'en' ? 'en-GB' : formats.language, { weekday: 'short', day: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`))}</th>)}
                  </tr>
                </thead>
                <tbody>
                  {persons.map(person => (
                    <tr key={person.id}>
                      <th scope="row">{person.name}</th>
                      {days.map(day => <td key={day}><DayCell person={person} day={day} shifts={shifts} zone={zone} open={may ? setOpen : null} /></td>)}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </Section>
      {open && <DayForm {...open} shifts={shifts} close={() => setOpen(null)} />}
    </SettingsPart>
  )
}

function DayCell({ person, day, shifts, zone, open }: { person: PersonRef; day: Day; shifts: Shift[]; zone: string; open: ((cell: Cell) => void) | null }) {
  const formats = useFormats()
  const work = writeDay(shifts, person.id, 'work', day, zone)
  const breaks = writeDay(shifts, person.id, 'break', day, zone)
  const said = (
    <>
      {work.split(' ').map(one => <span key={one} className="num">{one.replace('-', '–')}</span>)}
      {breaks && <small className="num" title={t`Breaks`}>{breaks.replaceAll('-', '–')}</small>}
    </>
  )
  if (!open) return <span className={css.day}>{said}</span>
  const { name } = person
  const on = formats.day(dayStart(day, zone).getTime())
  return <button type="button" className={css.day} onClick={() => open({ person, day })}><VisuallyHidden>{name}, {on}: {work === '' && t`free`}</VisuallyHidden>{said}</button>
}

function DayForm({ person, day, shifts, close }: Cell & { shifts: Shift[]; close(): void }) {
  const formats = useFormats()
  const { zone } = formats
  const [work, setWork] = useState(() => writeDay(shifts, person.id, 'work', day, zone))
  const [breaks, setBreaks] = useState(() => writeDay(shifts, person.id, 'break', day, zone))
  const times = readDay(work, breaks, day, zone)
  const was = ofDay(shifts, person.id, day, zone)
  const save = useChange(async () => {
    // All that began on this day goes, with breaks of its work after midnight; what belongs to the day before stays.
    const begin = dayStart(day, zone).toISOString()
    const ends = [dayStart(addDays(day, 1), zone).toISOString(), ...[...was, ...(times ?? [])].map(one => new Date(Date.parse(one.from) + 1000).toISOString())].sort()
    const end = ends.at(-1) ?? begin
    const others = shifts.filter(one => one.person === person.id && one.from >= begin && one.from < end && !was.includes(one)).map(({ kind, from, to }) => ({ kind, from, to }))
    await api.setRoster(person.id, begin, end, [...(times ?? []), ...others])
  }, close)
  const { name } = person
  const on = formats.dayLong(dayStart(day, zone).getTime())
  return (
    <FormDialog title={`${name}, ${on}`} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error} ready={times !== null}>
      <TextInput data-autofocus label={t`Work`} description={t`Several times with a space between. 22:00-06:00 ends the next day. Empty: free.`} placeholder="09:00-18:00" value={work} onChange={event => setWork(event.currentTarget.value)} />
      <TextInput label={t`Breaks`} placeholder="13:00-13:45" value={breaks} onChange={event => setBreaks(event.currentTarget.value)} error={times === null ? t`Write times as 09:00-18:00.` : undefined} />
    </FormDialog>
  )
}
