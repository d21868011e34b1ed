import { describe, expect, test } from 'vitest'
import { addDays, dayOf, dayStart, instantOf, knownZone, wallOf } from './zone.ts'

describe('a day belongs to a zone', () => {
  test.each([
    ['2026-11-23', 'UTC', '2026-11-23T00:00:00.000Z'],
    ['2026-11-23', 'Europe/Moscow', '2026-11-22T21:00:00.000Z'],
    ['2026-11-23', 'Asia/Vladivostok', '2026-11-22T14:00:00.000Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['2026-11-23', 'America/St_Johns', '2026-11-23T03:30:00.000Z'],
    ['2026-11-23', 'Pacific/Kiritimati', '2026-11-22T10:00:00.000Z'],
  ])('%s in %s starts at %s', (day, zone, start) => {
    expect(dayStart(day, zone).toISOString()).toBe(start)
    expect(dayOf(dayStart(day, zone), zone)).toBe(day)
    expect(dayOf(dayStart(day, zone).getTime() - 1, zone)).toBe(addDays(day, -1))
  })

  test('days are counted on the calendar, not in 24 hours', () => {
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  })

  test('a zone the browser does not know is told apart', () => {
    expect(knownZone('Europe/Moscow')).toBe(true)
    expect(knownZone('Mars/Olympus')).toBe(false)
  })
})

describe('a time of a form is one of the zone', () => {
  test.each([
    ['2026-11-23T09:30', 'Europe/Moscow', '2026-11-23T06:30:00.000Z'],
    ['2026-07-01T00:00', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
    ['2026-11-23T09:30', 'America/St_Johns', '2026-11-23T13:00:00.000Z'],
  ])('%s in %s is %s', (wall, zone, instant) => {
    expect(instantOf(wall, zone)?.toISOString()).toBe(instant)
    expect(wallOf(instant, zone)).toBe(wall)
  })

  test('what is no time is none', () => {
    expect(instantOf('', 'UTC')).toBeNull()
    expect(instantOf('2026-13-01T00:00', 'UTC')).toBeNull()
  })
})
