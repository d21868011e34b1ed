import type { SettingsSearch } from '../app/search.ts'
import type { Endpoint } from '../api/types.ts'

/** The endpoints that the address asks for. */
export function wanted(endpoints: Endpoint[], search: SettingsSearch): Endpoint[] {
  const words = (search.find ?? '').toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return endpoints.filter(one => {
    const said = [one.endpoint, one.number, one.name, one.correction?.note ?? ''].join('\n').toLocaleLowerCase()
    return (
      (search.station === undefined || one.station === search.station) &&
      (search.class === undefined || one.class === search.class) &&
      (!search.corrected || one.correction !== null) &&
      words.every(word => said.includes(word))
    )
  })
}

/** How many there are of each class, whatever class is asked for. */
export function counts(endpoints: Endpoint[], search: SettingsSearch): Record<'all' | Endpoint['class'], number> {
  const all = wanted(endpoints, { ...search, class: undefined })
  const of = (name: Endpoint['class']) => all.filter(one => one.class === name).length
  return { all: all.length, device: of('device'), trunk: of('trunk'), unknown: of('unknown') }
}

/** Whether somebody's word counts against what was seen. */
export function contradicts(endpoint: Endpoint): boolean {
  return endpoint.correction !== null && endpoint.learned !== 'unknown' && endpoint.learned !== endpoint.class
}
