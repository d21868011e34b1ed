import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { t } from 'ttag'
import { stationsQuery } from '../api/queries.ts'
import type { Station } from '../api/types.ts'

/** A station as people know it: its name, and its PBXs where they are called otherwise. */
export function stationText(station: Station): string {
  const [only] = station.pbxs
  return station.pbxs.length === 0 || (station.pbxs.length === 1 && only === station.name) ? station.name : `${station.name} (${station.pbxs.join(', ')})`
}

export function useStations(): { stations: Station[]; nameOf(id: number): string } {
  const { data } = useQuery(stationsQuery)
  const stations = data?.stations ?? []
  return { stations, nameOf: id => stations.find(one => one.id === id)?.name ?? `#${id}` }
}

/** Which station the page is about, where there is more than one. With `all`, none means every one. */
export function StationPicker({ all, value }: { all?: boolean; value: number | undefined }) {
  const { stations } = useStations()
  const { station } = useSearch({ from: '/settings' })
  const navigate = useNavigate()
  if (stations.length < 2) return null
  return (
    <Select size="xs" w={160} aria-label={t`Station`} placeholder={all ? t`All stations` : t`Station`} data={stations.map(one => ({ value: String(one.id), label: stationText(one) }))} value={value === undefined ? null : String(value)} allowDeselect={false}
      clearable={Boolean(all) && station !== undefined} clearButtonProps={{ 'aria-label': t`All stations` }} onChange={id => void navigate({ to: '.', search: old => ({ ...old, station: id ? Number(id) : undefined }), replace: true })} comboboxProps={{ width: 'max-content', position: 'bottom-start', shadow: 'md' }} />
  )
}
