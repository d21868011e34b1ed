import { c, ngettext, msgid, t } from 'ttag'
import type { Letter, Rhythm, ScheduleBody, Sending } from '../api/types.ts'

export type PeriodName = ScheduleBody['period']
export const periodNames: PeriodName[] = ['yesterday', 'today', '7d', 'last-week', 'this-week', '30d', 'last-month', 'this-month']

/** What a sending is about, named by the moment it goes out. */
export function periodWord(period: PeriodName): string {
  switch (period) {
    case 'today': return c('period of a letter').t`Today so far`
    case 'yesterday': return c('period of a letter').t`The day before`
    case '7d': return c('period of a letter').t`The last 7 days`
    case '30d': return c('period of a letter').t`The last 30 days`
    case 'this-week': return c('period of a letter').t`This week so far`
    case 'last-week': return c('period of a letter').t`The week before`
    case 'this-month': return c('period of a letter').t`This month so far`
    case 'last-month': return c('period of a letter').t`The month before`
  }
}

/** Weekdays from Monday in the viewer's language. */
export function weekdayNames(language: string, style: 'short' | 'long'): string[] {
  const format = new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' })
  return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(2024, 0, 1 + day))) // a Monday
}

export const clockOf = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** Minutes from midnight; undefined for what is no time of day. */
export function minutesOf(clock: string): number | undefined {
  const parts = /^(\d{1,2}):(\d\d)/.exec(clock)
  const minutes = Number(parts?.[1]) * 60 + Number(parts?.[2])
  return Number.isInteger(minutes) && minutes >= 0 && minutes < 24 * 60 ? minutes : undefined
}

export function rhythmWords(rhythm: Rhythm, language: string): string {
  const at = clockOf(rhythm.at)
  if (rhythm.every === 'week') {
    const names = weekdayNames(language, 'short')
    const days = (rhythm.weekdays ?? []).map(day => names[day - 1]).join(', ')
    return t`${days} at ${at}`
  }
  if (rhythm.every === 'month') {
    const day = rhythm.day ?? 1
    return day >= 31 ? t`The last day of the month at ${at}` : t`Day ${day} of the month at ${at}`
  }
  return t`Every day at ${at}`
}

export function stateWord(state: Sending['state'] | Letter['state']): string {
  switch (state) {
    case 'waiting': return c('letter').t`To be tried again`
    case 'sending': return c('letter').t`Being sent`
    case 'sent': return c('letter').t`Sent`
    case 'partly': return c('letter').t`Not to everybody`
    case 'unsure': return c('letter').t`Perhaps sent`
    case 'failed': return c('letter').t`Not sent`
    case 'refused': return c('letter').t`Not allowed`
  }
}

/** Whether somebody has to do something about it. */
export const troubled = (state: Sending['state'] | Letter['state']) => state === 'failed' || state === 'refused' || state === 'partly' || state === 'unsure'

export function peopleWords(count: number): string {
  return ngettext(msgid`${count} recipient`, `${count} recipients`, count)
}
