import { expect, test } from 'vitest'
import { readHours, writeHours } from './hours.ts'

test('hours are read as people write them, and written in one way', () => {
  for (const [text, written] of [['9:00-18:00', '09:00-18:00'], ['09:00 – 13:00, 14:00–18:00', '09:00-13:00 14:00-18:00'], ['', ''], ['00:00-24:00', '00:00-24:00']] as const) {
    expect(writeHours(readHours(text) ?? [[1, 2]])).toBe(written)
  }
})

test('what ends before it begins, overlaps or is no time is refused', () => {
  for (const text of ['22:00-06:00', '09:00-13:00 12:00-18:00', '9-18', '09:00-24:30', '09:60-10:00', 'always']) expect(readHours(text)).toBeNull()
})
