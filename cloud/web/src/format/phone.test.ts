import { expect, test } from 'vitest'
import { bareNumber, phone } from './phone.ts'

test.each([['79161234501', '+7 916 123-45-01'], ['101', '101'], ['84950000700', '84950000700'], ['', ''], ['s', 's']])('%s is shown as %s', (raw, shown) => {
  expect(phone(raw)).toBe(shown)
})

test.each([['+7 916 123-45-01', '79161234501'], ['(495) 000.07', '49500007'], ['600', '600']])('%s is searched as %s', (typed, bare) => {
  expect(bareNumber(typed)).toBe(bare)
})
