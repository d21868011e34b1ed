import type { Binding, Person } from '../api/types.ts'

/* Whose a device is and was: all of it pure. */

export function inForce(binding: Binding, at: number): boolean {
  return Date.parse(binding.from) <= at && (binding.to === null || Date.parse(binding.to) > at)
}

/** The devices somebody has at a moment, one entry each. */
export function devicesOf(person: Person, at: number): Binding[] {
  return person.bindings.filter(one => inForce(one, at))
}

export interface Holder { person: Person; binding: Binding }

/** Who had a device at a moment; nobody, as far as anybody said, is undefined. */
export function holderOf(people: Person[], operator: number, at: number): Holder | undefined {
  for (const person of people) {
    const binding = person.bindings.find(one => one.operator === operator && inForce(one, at))
    if (binding) return { person, binding }
  }
  return undefined
}

/** Who loses a device when it is given to somebody from a moment on, without an end: that binding is ended there. */
export function relieved(people: Person[], operator: number, from: number): Holder | undefined {
  for (const person of people) {
    const binding = person.bindings.find(one => one.operator === operator && one.to === null && Date.parse(one.from) < from)
    if (binding) return { person, binding }
  }
  return undefined
}

/** Bindings from the latest to the first; what lasts comes before what is over. */
export function latestFirst(bindings: Binding[]): Binding[] {
  const end = (one: Binding) => (one.to === null ? Number.POSITIVE_INFINITY : Date.parse(one.to))
  return [...bindings].sort((a, b) => (end(a) === end(b) ? Date.parse(b.from) - Date.parse(a.from) || b.id - a.id : end(b) > end(a) ? 1 : -1))
}

/** Whether somebody is meant by what was typed: by name, note or one of the devices he ever had. */
export function fits(person: Person, typed: string, device: (operator: number) => string): boolean {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const said = [person.name, person.note, ...person.bindings.map(one => device(one.operator))].join('\n').toLocaleLowerCase()
  return words.every(word => said.includes(word))
}
