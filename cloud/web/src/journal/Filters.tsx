import { Button, CloseButton, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { t } from 'ttag'
import { peopleQuery, tagsQuery, useNames } from '../api/queries.ts'
import { useCan } from '../api/rights.ts'
import { directions, dispositions, type JournalSearch } from '../app/search.ts'
import { useFormats } from '../format/intl.ts'
import { directionWord, dispositionWord } from '../parts/words.ts'
import { AttributeFilter } from './AttributeFilter.tsx'
import css from './Filters.module.css'

export function Filters() {
  const search = useSearch({ from: '/calls' })
  const navigate = useNavigate()
  const names = useNames()
  const formats = useFormats()
  const set = (change: Partial<JournalSearch>) => void navigate({ to: '.', search: old => ({ ...old, ...change }), replace: true })
  const stations = new Set(names.directory.operators.map(o => o.station)).size
  const operators = names.directory.operators
    .map(o => ({ value: String(o.id), label: [o.number, o.name !== o.number && o.name, stations > 1 && `· ${o.station}`].filter(Boolean).join(' ') }))
    .sort((a, b) => formats.collator.compare(a.label, b.label))
  const people = useQuery({ ...peopleQuery, enabled: useCan('settings.read') }).data?.people ?? []
  const tags = useQuery(tagsQuery).data?.tags ?? []
  const any = search.number || search.operator || search.person || search.result || search.direction || search.pbx || search.attribute || search.tag
  return (
    <div className={css.filters} role="search" aria-label={t`Filters`}>
      <NumberFilter value={search.number ?? ''} set={number => set({ number: number || undefined })} />
      <Choice label={t`Operator`} data={operators} value={search.operator?.toString()} set={v => set({ operator: v ? Number(v) : undefined })} searchable />
      {people.length > 0 && (
        <Choice label={t`Person`} data={people.map(p => ({ value: String(p.id), label: p.name }))} value={search.person?.toString()} set={v => set({ person: v ? Number(v) : undefined })} searchable />
      )}
      <Choice label={t`Result`} data={dispositions.map(d => ({ value: d, label: dispositionWord(d) }))} value={search.result} set={v => set({ result: v })} />
      <Choice label={t`Direction`} data={directions.map(d => ({ value: d, label: directionWord(d) }))} value={search.direction} set={v => set({ direction: v })} />
      {names.directory.pbxs.length > 1 && (
        <Choice label={t`PBX`} data={names.directory.pbxs.map(p => ({ value: String(p.id), label: p.name }))} value={search.pbx?.toString()} set={v => set({ pbx: v ? Number(v) : undefined })} />
      )}
      {tags.length > 0 && <Choice label={t`Tag`} data={tags.map(one => ({ value: String(one.id), label: one.name }))} value={search.tag?.toString()} set={v => set({ tag: v ? Number(v) : undefined })} searchable />}
      <AttributeFilter value={search.attribute} set={attribute => set({ attribute })} />
      {any && (
        <Button variant="subtle" size="xs" onClick={() => set({ number: undefined, operator: undefined, person: undefined, result: undefined, direction: undefined, pbx: undefined, attribute: undefined, tag: undefined })}>{t`Clear filters`}</Button>
      )}
    </div>
  )
}

function NumberFilter({ value, set }: { value: string; set(number: string): void }) {
  const [typed, setTyped] = useState(value)
  const later = useDebouncedCallback(set, 250)
  useEffect(() => setTyped(value), [value])
  return (
    <TextInput
      className={css.number}
      size="xs"
      type="search"
      inputMode="tel"
      value={typed}
      placeholder={t`Number`}
      aria-label={t`Number, or part of it`}
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={typed && <CloseButton size="xs" aria-label={t`Clear the number`} onClick={() => { setTyped(''); set('') }} />}
      onChange={event => {
        setTyped(event.currentTarget.value)
        later(event.currentTarget.value.trim())
      }}
    />
  )
}

function Choice({ label, data, value, set, searchable }: { label: string; data: { value: string; label: string }[]; value: string | undefined; set(value: string | undefined): void; searchable?: boolean }) {
  return (
    <Select
      className={css.choice}
      size="xs"
      aria-label={label}
      placeholder={label}
      data={data}
      value={value ?? null}
      onChange={v => set(v ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': t`Clear: ${label}` }}
      searchable={searchable ?? false}
      nothingFoundMessage={t`Nothing found`}
      data-chosen={value !== undefined || undefined}
      comboboxProps={{ width: 'max-content', position: 'bottom-start', shadow: 'md' }}
      maxDropdownHeight={340}
    />
  )
}
