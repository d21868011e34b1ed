import { expect, test } from 'vitest'
import { legsWith } from './legs.ts'
import type { Leg } from './story.ts'

const leg = (number: string, attributes?: Record<string, string>): Leg => ({ pbx: 'office', kind: 'operator', number, start: '2026-11-22T22:11:16Z', attributes })
const legs = [leg('79161234501', { AccountCode: 'gold', CRM_ID: '4711' }), leg('101', { CRM_ID: '4712', Language: 'ru' }), leg('102')]
const found = (text: string) => legsWith(legs, text).map(({ leg: one, attributes }) => `${one.number} ${attributes.map(([name]) => name).join(',')}`.trim())

test.each([
  ['', ['79161234501 AccountCode,CRM_ID', '101 CRM_ID,Language', '102']],
  ['crm', ['79161234501 CRM_ID', '101 CRM_ID']],
  ['gold', ['79161234501 AccountCode']],
  ['CRM_ID: 4712', ['101 CRM_ID']],
  ['language:', ['101 Language']],
  ['crm: gold', []],
])('legs are found by %j', (text, want) => expect(found(text)).toEqual(want))
