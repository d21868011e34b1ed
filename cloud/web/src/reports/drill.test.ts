import { expect, test } from 'vitest'
import { drillText, readDrill, sameKeys } from './drill.ts'

test('a figure is found again by its address', () => {
  const keys = [{ id: 3, kind: 'person', label: 'Anna ~ Orlova' }, { id: 1_764_000_000_000 }]
  expect(readDrill(drillText(keys, 'asa'))).toEqual({ keys, column: 'asa' })
  expect(readDrill(drillText(null, 'offered'))).toEqual({ keys: null, column: 'offered' })
})

test('what makes no sense opens nothing', () => {
  for (const text of ['', 'x:1', '~', 'a:b:c~asa', undefined]) expect(readDrill(text)).toBeUndefined()
})

test('rows are the same by all their keys', () => {
  expect(sameKeys([{ id: 1 }], [{ id: 1 }])).toBe(true)
  expect(sameKeys([{ id: 1, kind: 'person' }], [{ id: 1, kind: 'device' }])).toBe(false)
  expect(sameKeys(null, [{ id: 1 }])).toBe(false)
})
