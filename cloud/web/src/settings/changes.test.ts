import { describe, expect, test } from 'vitest'
import { differences } from './changes.ts'

const queue = { pattern: '_6XX', kind: 'queue' }
const service = { pattern: '_61X', kind: 'service', note: 'announcements' }

describe('a change', () => {
  test('of some fields tells only those, and not the id', () => {
    expect(differences({ id: 1, name: 'Anna', note: '' }, { id: 1, name: 'Anna Orlova', note: '' })).toEqual([{ field: 'name', was: 'Anna', is: 'Anna Orlova' }])
    expect(differences({ id: 1, person: 1, to: null }, { id: 1, person: 1, to: '2026-11-23T09:00:00Z' })).toEqual([{ field: 'to', was: undefined, is: '2026-11-23T09:00:00Z' }])
  })

  test('that adds or removes something tells what it has', () => {
    expect(differences(null, { id: 2, name: 'Boris', note: '' })).toEqual([{ field: 'name', was: undefined, is: 'Boris' }])
    expect(differences({ station: 1, subject: 'number', name: '612', decided: 'service' }, null)).toEqual([{ field: 'name', was: '612', is: undefined }, { field: 'decided', was: 'service', is: undefined }])
  })

  test('does not say again what its subject says, unless that is what changed', () => {
    expect(differences(null, { name: 'PJSIP/gate', decided: 'device' }, 'office PJSIP/gate')).toEqual([{ field: 'decided', was: undefined, is: 'device' }])
    expect(differences({ name: 'Anna' }, { name: 'Anna Orlova' }, 'Anna Orlova')).toEqual([{ field: 'name', was: 'Anna', is: 'Anna Orlova' }])
  })

  test('of a list tells what came, what went, and another order', () => {
    expect(differences([queue], [service, queue])).toEqual([{ field: 'item', was: undefined, is: service }])
    expect(differences([service, queue], [queue])).toEqual([{ field: 'item', was: service, is: undefined }])
    expect(differences([service, queue], [queue, service])).toEqual([{ field: 'order', was: undefined, is: '_6XX, _61X' }])
    expect(differences(null, ['X_CASE'])).toEqual([{ field: 'item', was: undefined, is: 'X_CASE' }])
  })

  test('that changes nothing tells nothing', () => {
    expect(differences([queue], [queue])).toEqual([])
    expect(differences(null, null)).toEqual([])
  })
})
