import type { Leg } from './story.ts'

/** Legs whose attributes have the text, with just those attributes. "Name: value" must fit one attribute in both parts. */
export function legsWith(legs: Leg[], text: string): { leg: Leg; attributes: [string, string][] }[] {
  const typed = text.trim().toLocaleLowerCase()
  const [name, value] = typed.includes(':') ? [typed.slice(0, typed.indexOf(':')).trim(), typed.slice(typed.indexOf(':') + 1).trim()] : [undefined, typed]
  const fits = ([key, held]: [string, string]) => {
    const lowKey = key.toLocaleLowerCase()
    const lowHeld = held.toLocaleLowerCase()
    return name === undefined ? lowKey.includes(typed) || lowHeld.includes(typed) : lowKey.includes(name) && lowHeld.includes(value ?? '')
  }
  return legs.flatMap(leg => {
    const all = Object.entries(leg.attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
    if (typed === '') return [{ leg, attributes: all }]
    const found = all.filter(fits)
    return found.length > 0 ? [{ leg, attributes: found }] : []
  })
}
