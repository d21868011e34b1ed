import { expect, test } from 'vitest'
import { clockOf, minutesOf, rhythmWords, troubled, weekdayNames } from './words.ts'

test('times of day are read as people type them', () => {
  expect(['08:00', '8:05', '23:59', '08:00:00'].map(minutesOf)).toEqual([480, 485, 1439, 480])
  expect(['', '24:00', 'noon', '8'].map(minutesOf)).toEqual([undefined, undefined, undefined, undefined])
  expect([0, 480, 1439].map(clockOf)).toEqual(['00:00', '08:00', '23:59'])
})

test('weekdays begin with Monday', () => {
  expect(weekdayNames('en', 'long')[0]).toBe('Monday')
  expect(weekdayNames('ru', 'short')[6]).toBe('вс')
})

test('rhythms are told in words', () => {
  const zone = 'Europe/Moscow'
  expect(rhythmWords({ every: 'day', at: 480, zone }, 'en')).toBe('Every day at 08:00')
  expect(rhythmWords({ every: 'week', weekdays: [1, 5], at: 480, zone }, 'en')).toBe('Mon, Fri at 08:00')
  expect(rhythmWords({ every: 'month', day: 1, at: 480, zone }, 'en')).toBe('Day 1 of the month at 08:00')
  expect(rhythmWords({ every: 'month', day: 31, at: 480, zone }, 'en')).toBe('The last day of the month at 08:00')
})

test('what went out is no trouble, what may have is', () => {
  expect(['sent', 'waiting', 'sending'].some(state => troubled(state as 'sent'))).toBe(false)
  expect(['unsure', 'partly', 'failed', 'refused'].every(state => troubled(state as 'failed'))).toBe(true)
})
