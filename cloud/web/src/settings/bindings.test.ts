import { describe, expect, test } from 'vitest'
import type { Binding, Person } from '../api/types.ts'
import { devicesOf, fits, holderOf, latestFirst, relieved } from './bindings.ts'

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T09:00:00Z`
const ms = (day: number) => Date.parse(at(day))
const binding = (id: number, person: number, operator: number, from: number, to: number | null): Binding => ({ id, person, operator, from: at(from), to: to === null ? null : at(to) })
const anna: Person = { id: 1, name: 'Anna Orlova', note: 'morning shift', unwatched: false, bindings: [binding(1, 1, 101, 3, 17), binding(2, 1, 102, 17, null)] }
const boris: Person = { id: 2, name: 'Boris Weiss', note: '', unwatched: false, bindings: [binding(3, 2, 101, 17, null)] }
const people = [anna, boris]

describe('a device', () => {
  test.each([
    [2, undefined], [3, 'Anna Orlova'], [16, 'Anna Orlova'], [17, 'Boris Weiss'], [30, 'Boris Weiss'],
  ])('on day %d is that of %s: the end belongs to the next', (day, name) => expect(holderOf(people, 101, ms(day))?.person.name).toBe(name))

  test('that nobody ever named is nobody’s', () => expect(holderOf(people, 999, ms(17))).toBeUndefined())

  test('given anew is taken from whoever has it without end and since earlier', () => {
    expect(relieved(people, 101, ms(20))?.person.name).toBe('Boris Weiss')
    expect(relieved(people, 101, ms(17))).toBeUndefined()
    expect(relieved(people, 999, ms(20))).toBeUndefined()
  })
})

describe('a person', () => {
  test('has the devices of a moment', () => {
    expect(devicesOf(anna, ms(10)).map(one => one.operator)).toEqual([101])
    expect(devicesOf(anna, ms(20)).map(one => one.operator)).toEqual([102])
    expect(devicesOf(anna, ms(1))).toEqual([])
  })

  test('is told what lasts before what is over', () => expect(latestFirst(anna.bindings).map(one => one.id)).toEqual([2, 1]))

  const device = (operator: number) => `${operator} office`
  test.each([['orl', true], ['anna 101', true], ['MORNING', true], ['boris', false], ['', true]])('is found by %j: %s', (typed, found) => expect(fits(anna, typed, device)).toBe(found))
})
