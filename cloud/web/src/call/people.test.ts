import { expect, test } from 'vitest'
import { makeNames } from '../api/queries.ts'
import { row } from '../../e2e/mock/rows.ts'
import { peopleAt, type Story } from './story.ts'

const anna = { id: 1, name: 'Anna' }
const boris = { id: 2, name: 'Boris' }
const story: Story = {
  id: 'x', direction: 'internal', pbx: ['office'], caller: '102', dialled: '101', start: '2026-11-20T09:00:00Z',
  rings: [{ pbx: 'office', operator: '101', at: '2026-11-20T09:00:00Z', person: anna }, { pbx: 'warehouse', operator: '101', at: '2026-11-20T09:00:00Z' }],
  talks: [{ pbx: 'office', operator: '101', with: '102', from: '2026-11-20T09:00:05Z', person: boris, with_person: anna }],
}

test.each([
  ['who spoke comes before who only rang', '101', 'office', 'Boris, Anna'],
  ['the other of two of ours', '102', 'office', 'Anna'],
  ['the same number of another PBX is somebody else', '101', 'warehouse', ''],
])('%s', (_, number, pbx, want) => expect(peopleAt(story, number, pbx)).toBe(want))

test('an operator goes by who was there, else by the name of the device', () => {
  const names = makeNames({ pbxs: [], queues: [], trunks: [], operators: [{ id: 1, number: '101', name: 'Front desk', station: 'office' }, { id: 2, number: '102', name: '', station: 'office' }] })
  const call = row('a', '2026-11-20T09:00:00Z', { people: [{ operator: 2, ...anna }, { operator: 2, ...boris }] })
  expect([1, 2, 3].map(id => names.at(call, id))).toEqual(['Front desk', 'Anna, Boris', '#3'])
})
