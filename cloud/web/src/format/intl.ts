import { createContext, useContext, useMemo } from 'react'
import { offset } from './duration.ts'
import { dayOf, knownZone } from './zone.ts'

/** Formats of one viewer: language from the session, zone from the tenant. */
export interface Formats {
  language: string
  zone: string
  time(instant: string | number): string
  timeMs(instant: string | number): string
  minute(instant: string | number): string
  day(instant: string | number): string
  dayLong(instant: string | number): string
  moment(instant: string | number): string
  number(value: number, digits?: number): string
  offset(ms: number): string
  ago(instant: string | number, now: number): string
  list(words: string[]): string
  collator: Intl.Collator
}

export function makeFormats(language: string, wantedZone: string): Formats {
  const timeZone = knownZone(wantedZone) ? wantedZone : 'UTC'
  const locale = language === 'en' ? 'en-GB' : language
  const date = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options })
    return (instant: string | number) => format.format(typeof instant === 'string' ? Date.parse(instant) : instant)
  }
  const day = date({ day: 'numeric', month: 'short' })
  const dayYear = date({ day: 'numeric', month: 'short', year: 'numeric' })
  const minute = date({ hour: '2-digit', minute: '2-digit' })
  const decimal = new Intl.NumberFormat(locale).formatToParts(0.5).find(part => part.type === 'decimal')?.value ?? '.'
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'long' })
  const listing = new Intl.ListFormat(locale, { type: 'conjunction' })
  const years = (instant: string | number) => dayOf(new Date(instant), timeZone).slice(0, 4)
  const dayText = (instant: string | number) => (years(instant) === years(Date.now()) ? day(instant) : dayYear(instant))
  return {
    language,
    zone: timeZone,
    time: date({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    timeMs: date({ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 }),
    minute,
    day: dayText,
    dayLong: date({ weekday: 'long', day: 'numeric', month: 'long' }),
    moment: instant => `${dayText(instant)}, ${minute(instant)}`,
    number: (value, digits = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value),
    offset: ms => offset(ms, decimal),
    ago: (instant, now) => relativeText(relative, new Date(instant).getTime() - now),
    list: words => listing.format(words),
    collator: new Intl.Collator(locale, { numeric: true }),
  }
}

function relativeText(format: Intl.RelativeTimeFormat, ms: number): string {
  const seconds = ms / 1000
  const steps: [number, Intl.RelativeTimeFormatUnit][] = [[86_400, 'day'], [3_600, 'hour'], [60, 'minute']]
  for (const [size, unit] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  }
  return format.format(Math.trunc(seconds), 'second')
}

export const FormatsContext = createContext<Formats>(makeFormats('en', 'UTC'))
export const useFormats = () => useContext(FormatsContext)
export const useMakeFormats = (language: string, zone: string) => useMemo(() => makeFormats(language, zone), [language, zone])
