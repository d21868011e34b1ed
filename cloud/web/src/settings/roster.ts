import type { Shift } from '../api/types.ts'
import { addDays, dayOf, dayStart, type Day, instantOf, wallOf } from '../format/zone.ts'

/* A person's scheduled times of one day, as people write them: work 22:00-06:00, breaks 01:00-01:30. Past midnight belongs to the day it began. */

type Times = Pick<Shift, 'kind' | 'from' | 'to'>

const clock = (instant: string, zone: string) => wallOf(instant, zone).slice(11)

/** The times of one kind that begin on a day. */
export function writeDay(shifts: Shift[], person: number, kind: Shift['kind'], day: Day, zone: string): string {
  return ofDay(shifts, person, day, zone).filter(one => one.kind === kind).map(one => `${clock(one.from, zone)}-${clock(one.to, zone)}`).join(' ')
}

/** What begins on the day; breaks after midnight go with the work they interrupt. */
export function ofDay(shifts: Shift[], person: number, day: Day, zone: string): Shift[] {
  const mine = shifts.filter(one => one.person === person)
  const home = (one: Shift) => {
    const work = one.kind === 'break' ? mine.find(w => w.kind === 'work' && w.from <= one.from && one.to <= w.to) : undefined
    return dayOf(Date.parse((work ?? one).from), zone)
  }
  return mine.filter(one => home(one) === day)
}

/** The times a text says of a day, null where it says something else. What ends before it begins ends the next day. */
function readTimes(text: string, kind: Shift['kind'], day: Day, zone: string, startsAfter?: string): Times[] | null {
  const times: Times[] = []
  for (const part of text.replaceAll(/\s*[-–—]\s*/g, '-').split(/[\s,;]+/).filter(Boolean)) {
    const [, from = '', to = ''] = /^(\d{1,2}:[0-5]\d)-(\d{1,2}:[0-5]\d)$/.exec(part) ?? []
    if (!from) return null
    const [begin, end] = [from.padStart(5, '0'), to.padStart(5, '0')]
    if (begin > '23:59' || end > '24:00') return null
    const first = startsAfter && begin < startsAfter ? addDays(day, 1) : day
    const last = end === '24:00' || end > begin ? first : addDays(first, 1)
    const at = (on: Day, hour: string) => (hour === '24:00' ? dayStart(addDays(on, 1), zone) : instantOf(`${on}T${hour}`, zone))?.toISOString() ?? ''
    times.push({ kind, from: at(first, begin), to: at(last, end) })
  }
  return times
}

/** Work and breaks of a day, null where one of the texts is not understood. Breaks before the work begins are after midnight. */
export function readDay(work: string, breaks: string, day: Day, zone: string): Times[] | null {
  const times = readTimes(work, 'work', day, zone)
  if (!times) return null
  const begins = times.map(one => clock(one.from, zone)).sort()[0]
  const pauses = readTimes(breaks, 'break', day, zone, begins)
  return pauses && [...times, ...pauses]
}

/** The Monday of a day's week. */
export function monday(day: Day): Day {
  return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
}
