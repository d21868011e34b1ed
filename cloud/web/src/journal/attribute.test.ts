import { expect, test } from 'vitest'
import { attributeOf, attributeText } from './attribute.ts'

test.each([
  ['CRM_ID', 'CRM_ID'], [' CRM_ID: 17 ', 'CRM_ID:17'], ['URL: https://crm.example/17,a', 'URL:https://crm.example/17,a'], ['CRM_ID:', 'CRM_ID'], ['', undefined], [': 17', undefined],
])('%j is asked for as %j', (typed, asked) => {
  expect(attributeOf(typed)).toBe(asked)
  if (asked) expect(attributeOf(attributeText(asked))).toBe(asked)
})
