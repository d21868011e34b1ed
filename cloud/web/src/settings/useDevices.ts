import { useMemo } from 'react'
import { useNames } from '../api/queries.ts'
import { useFormats } from '../format/intl.ts'

/** Devices by the words people choose them by: number, the name the PBX has for it, and the station where there are several. */
export function useDevices(): { label(operator: number): string; options: { value: string; label: string }[] } {
  const { directory } = useNames()
  const { collator } = useFormats()
  return useMemo(() => {
    const many = new Set(directory.operators.map(one => one.station)).size > 1
    const text = (one: (typeof directory.operators)[number]) => [one.number, one.name !== one.number && one.name, many && `· ${one.station}`].filter(Boolean).join(' ')
    const labels = new Map(directory.operators.map(one => [one.id, text(one)]))
    const options = directory.operators.map(one => ({ value: String(one.id), label: text(one) })).sort((a, b) => collator.compare(a.label, b.label))
    return { label: operator => labels.get(operator) ?? `#${operator}`, options }
  }, [directory, collator])
}
