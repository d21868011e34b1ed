import { expect, test } from 'vitest'
import { clock, offset } from './duration.ts'

test.each([[0, '0:00'], [999, '0:01'], [59_400, '0:59'], [59_600, '1:00'], [3_599_000, '59:59'], [3_600_000, '1:00:00'], [36_061_000, '10:01:01'], [-5, '0:00']])(
  '%d ms reads %s', (ms, text) => expect(clock(ms)).toBe(text))

test.each([[0, '0:00.0'], [1_450, '0:01.5'], [59_960, '1:00.0'], [3_661_200, '1:01:01.2']])('%d ms into a call reads %s', (ms, text) => expect(offset(ms)).toBe(text))
