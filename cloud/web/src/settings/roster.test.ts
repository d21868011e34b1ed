import { expect, test } from 'vitest'
import { monday, ofDay, readDay, writeDay } from './roster.ts'

const zone = 'Europe/Moscow'
const on = (work: string, breaks: string) => (readDay(work, breaks, '2026-11-25', zone) ?? []).map(one => ({ ...one, person: 1 }))

test('a day is read and written as people say it, also past midnight', () => {
  for (const [work, breaks] of [['09:00-18:00', '13:00-13:45'], ['22:00-06:00', '01:00-01:30'], ['08:00-12:00 16:00-20:00', ''], ['', ''], ['16:00-24:00', '']] as const) {
    const shifts = on(work, breaks)
    expect(writeDay(shifts, 1, 'work', '2026-11-25', zone)).toBe(work.replace('24:00', '00:00'))
    expect(writeDay(shifts, 1, 'break', '2026-11-25', zone)).toBe(breaks)
    expect(ofDay(shifts, 1, '2026-11-26', zone)).toEqual([])
  }
  expect(on('22:00-06:00', '01:00-01:30').map(one => one.from)).toEqual(['2026-11-25T19:00:00.000Z', '2026-11-25T22:00:00.000Z'])
})

test('what is no time is refused', () => {
  for (const text of ['nine to six', '09:00', '25:00-26:00', '09:70-10:00']) expect(readDay(text, '', '2026-11-25', zone)).toBeNull()
})

test('a week begins on Monday', () => {
  expect(['2026-11-23', '2026-11-25', '2026-11-29', '2026-11-30'].map(monday)).toEqual(['2026-11-23', '2026-11-23', '2026-11-23', '2026-11-30'])
})
