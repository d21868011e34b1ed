import '@mantine/core/styles/Pill.css'
import '@mantine/core/styles/PillsInput.css'
import { Button, Checkbox, MultiSelect, NumberInput, Popover, Select, TagsInput } from '@mantine/core'
import '@mantine/core/styles/NumberInput.css'
import { IconAdjustmentsHorizontal, IconArrowsDiff, IconColumns3, IconFilter, IconStack2 } from '@tabler/icons-react'
import { type ReactNode, useMemo, useState } from 'react'
import { c, t } from 'ttag'
import { directions, dispositions } from '../app/search.ts'
import { useFormats } from '../format/intl.ts'
import { directionWord, dispositionWord } from '../parts/words.ts'
import css from './Bar.module.css'
import type { Definition, ReportNames } from './contract.ts'
import { filterNames, type ReportSearch } from './search.ts'
import { useSet } from './ReportPage.tsx'
import { type Question, useReportNames, type Words } from './useReport.ts'
import { weekdayWord } from './values.ts'

interface Props { definition: Definition; search: ReportSearch; words: Words; question: Question }

/** What a report is made by: groups, filters, columns, how it counts. */
export function Bar({ definition, search, words, question }: Props) {
  const set = useSet()
  return (
    <div className={css.bar} role="toolbar" aria-label={t`How the report is made`}>
      {definition.may.length > 1 && <GroupBy definition={definition} search={search} words={words} />}
      <Filters search={search} question={question} />
      <Columns definition={definition} search={search} words={words} />
      <Counting search={search} definition={definition} question={question} />
      <Button variant="default" size="xs" className={css.button} data-chosen={search.compare || undefined} aria-pressed={search.compare ?? false} leftSection={<IconArrowsDiff size={15} aria-hidden />} onClick={() => set({ compare: search.compare ? undefined : true })}>{t`Compare`}</Button>
    </div>
  )
}

/** A button that opens a small form below itself. */
function Drop({ label, icon, chosen, width = 300, children }: { label: string; icon: ReactNode; chosen: boolean; width?: number; children: ReactNode }) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus width={width} withinPortal>
      <Popover.Target>
        <Button variant="default" size="xs" className={css.button} data-chosen={chosen || undefined} leftSection={icon} aria-haspopup="dialog" aria-expanded={opened} onClick={() => setOpened(o => !o)}>{label}</Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className={css.dropdown}>{children}</Popover.Dropdown>
    </Popover>
  )
}

const same = (a: string[] | undefined, b: string[]) => a === undefined || a.join() === b.join()

function GroupBy({ definition, search, words }: Omit<Props, 'question'>) {
  const set = useSet()
  const by = search.by ?? definition.by
  const data = definition.may.map(id => ({ value: id, label: words.dimension(id)?.title ?? id }))
  const put = (at: number, value: string | null) => {
    const next = [...by]
    if (value) next[at] = value
    else next.splice(at, 1)
    const clean = [...new Set(next)].slice(0, 2)
    set({ by: same(clean, definition.by) ? undefined : clean, sort: undefined, drill: undefined })
  }
  const text = by.map(id => words.dimension(id)?.title ?? id).join(' × ')
  return (
    <Drop label={text ? c('group by').t`By: ${text}` : t`Group by`} icon={<IconStack2 size={15} aria-hidden />} chosen={!same(search.by, definition.by)}>
      <Select size="xs" label={t`Rows`} data={data} value={by[0] ?? null} onChange={value => put(0, value)} clearable={by.length > 0} searchable comboboxProps={{ withinPortal: false }} clearButtonProps={{ 'aria-label': t`Do not group` }} />
      {by.length > 0 && <Select size="xs" label={t`and within them`} data={data.filter(one => one.value !== by[0])} value={by[1] ?? null} onChange={value => put(1, value)} clearable searchable placeholder={t`nothing more`} comboboxProps={{ withinPortal: false }} clearButtonProps={{ 'aria-label': t`Not within them` }} />}
      {!same(search.by, definition.by) && <Button size="xs" variant="subtle" onClick={() => set({ by: undefined, sort: undefined, drill: undefined })}>{t`As it comes`}</Button>}
    </Drop>
  )
}

function Columns({ definition, search, words }: Omit<Props, 'question'>) {
  const set = useSet()
  const shown = search.cols ?? definition.columns
  const all = [...definition.columns, ...definition.more.filter(id => !definition.columns.includes(id))]
  const toggle = (id: string) => {
    const next = all.filter(one => (one === id ? !shown.includes(id) : shown.includes(one)))
    if (next.length > 0) set({ cols: same(next, definition.columns) ? undefined : next, drill: undefined })
  }
  return (
    <Drop label={t`Columns`} icon={<IconColumns3 size={15} aria-hidden />} chosen={search.cols !== undefined} width={330}>
      <div className={css.columns}>
        {all.map(id => {
          const measure = words.measure(id)
          return <Checkbox key={id} size="xs" label={measure?.title ?? id} description={measure?.formula} checked={shown.includes(id)} onChange={() => toggle(id)} />
        })}
      </div>
      {search.cols && <Button size="xs" variant="subtle" onClick={() => set({ cols: undefined })}>{t`As it comes`}</Button>}
    </Drop>
  )
}

function Filters({ search, question }: Pick<Props, 'search' | 'question'>) {
  const set = useSet()
  const names = useReportNames(question)
  const n = filterNames.filter(name => search[name] !== undefined).length
  return (
    <Drop label={n > 0 ? t`Filters: ${n}` : t`Filters`} icon={<IconFilter size={15} aria-hidden />} chosen={n > 0} width={340}>
      {names ? <FilterForm search={search} names={names} /> : <p className={css.quiet}>{t`Loading the names`}</p>}
      {n > 0 && <Button size="xs" variant="subtle" onClick={() => set(Object.fromEntries(filterNames.map(name => [name, undefined])))}>{t`Clear filters`}</Button>}
    </Drop>
  )
}

interface Choice { value: string; label: string }

function FilterForm({ search, names }: { search: ReportSearch; names: ReportNames }) {
  const set = useSet()
  const { language, collator } = useFormats()
  const lists = useMemo(() => {
    const numbered = (one: { id: number; name: string; number?: string; endpoint?: string }): Choice => {
      const number = one.number ?? one.endpoint ?? ''
      return { value: String(one.id), label: one.name && number && one.name !== number ? `${one.name} (${number})` : one.name || number || `#${one.id}` }
    }
    const list = (all: Parameters<typeof numbered>[0][] | null) => (all ?? []).map(numbered).sort((a, b) => collator.compare(a.label, b.label))
    return {
      people: list(names.people), operators: list(names.operators), groups: list(names.groups), pbxs: list(names.pbxs), stations: list(names.stations), trunks: list(names.trunks), tags: list(names.tags),
      dids: (names.dids ?? []).map(one => ({ value: one.number, label: one.name && one.name !== one.number ? `${one.name} (${one.number})` : one.number })),
      weekdays: [1, 2, 3, 4, 5, 6, 7].map(day => ({ value: String(day), label: weekdayWord(day, language) })),
      directions: directions.map(one => ({ value: one as string, label: directionWord(one) })),
      results: dispositions.map(one => ({ value: one as string, label: dispositionWord(one) })),
    }
  }, [names, language, collator])
  const many = (name: keyof typeof lists, label: string) => {
    if (lists[name].length < 2 && search[name] === undefined) return null
    const numbers = name !== 'dids' && name !== 'directions' && name !== 'results'
    const change = (values: string[]) => set({ [name]: values.length === 0 ? undefined : numbers ? values.map(Number) : values, drill: undefined })
    return <MultiSelect key={name} size="xs" label={label} data={lists[name]} value={(search[name] ?? []).map(String)} onChange={change} searchable clearable hidePickedOptions comboboxProps={{ withinPortal: false }} nothingFoundMessage={t`Nothing found`} clearButtonProps={{ 'aria-label': t`Clear: ${label}` }} />
  }
  const typed = (name: 'numbers' | 'menu', label: string, placeholder: string) => (
    <TagsInput size="xs" label={label} placeholder={placeholder} value={search[name] ?? []} onChange={values => set({ [name]: values.length > 0 ? values.map(one => one.replace(/[\s,]/g, '')).filter(Boolean) : undefined, drill: undefined })} clearable clearButtonProps={{ 'aria-label': t`Clear: ${label}` }} comboboxProps={{ withinPortal: false }} />
  )
  return (
    <div className={css.form}>
      {many('people', t`People`)}
      {many('operators', t`Devices`)}
      {many('groups', t`Groups`)}
      {many('directions', t`Direction`)}
      {many('results', t`Result`)}
      {many('dids', t`DIDs`)}
      {many('trunks', t`Trunks`)}
      {many('pbxs', t`PBXs`)}
      {many('stations', t`Stations`)}
      {many('tags', t`Tags`)}
      {typed('numbers', t`Outside numbers that begin with`, '7495')}
      {typed('menu', t`Menu choices`, '1')}
      {many('weekdays', t`Weekdays`)}
      <Select size="xs" label={t`Working hours of the queue`} data={[{ value: 'open', label: t`within` }, { value: 'closed', label: t`outside` }]} value={search.hours ?? null} placeholder={t`any time`} onChange={value => set({ hours: (value as 'open' | 'closed' | null) ?? undefined, drill: undefined })} clearable comboboxProps={{ withinPortal: false }} clearButtonProps={{ 'aria-label': t`Clear` }} />
    </div>
  )
}

function zoneChoices(own: string): Choice[] {
  const city = own.replaceAll('_', ' ')
  const others = Intl.supportedValuesOf('timeZone').filter(one => one !== own).map(one => ({ value: one, label: one.replaceAll('_', ' ') }))
  return [{ value: '', label: c('zone').t`The company's: ${city}` }, { value: 'queue', label: c('zone').t`Each queue's own` }, ...others]
}

function Counting({ search, definition, question }: Pick<Props, 'search' | 'definition' | 'question'>) {
  const set = useSet()
  const { zone } = useFormats()
  const zones = useMemo(() => zoneChoices(zone), [zone])
  const by = search.by ?? definition.by
  const chosen = search.zone !== undefined || search.count !== undefined || search.interval !== undefined || search.days !== undefined || search.same !== undefined
  const follows = question.query.report === 'repeats' || question.query.report === 'retries'
  return (
    <Drop label={t`Counting`} icon={<IconAdjustmentsHorizontal size={15} aria-hidden />} chosen={chosen}>
      <Select size="xs" label={t`Time zone`} data={zones} value={search.zone ?? ''} onChange={value => set({ zone: value || undefined, drill: undefined })} searchable allowDeselect={false} comboboxProps={{ withinPortal: false }} maxDropdownHeight={240} />
      <Select size="xs" label={t`A row counts when it`} data={[{ value: 'arrival', label: t`arrived` }, { value: 'answer', label: t`was answered` }, { value: 'end', label: t`ended` }]} value={search.count ?? 'arrival'} onChange={value => set({ count: value === 'answer' || value === 'end' ? value : undefined, drill: undefined })} allowDeselect={false} comboboxProps={{ withinPortal: false }} />
      {by.includes('interval') && <Select size="xs" label={t`Interval, minutes`} data={['5', '15', '30', '60']} value={String(search.interval ?? 30)} onChange={value => set({ interval: Number(value) as ReportSearch['interval'], drill: undefined })} allowDeselect={false} comboboxProps={{ withinPortal: false }} />}
      {follows && <NumberInput size="xs" label={t`Called again within, days`} min={1} max={31} value={search.days ?? (question.query.report === 'repeats' ? 7 : 1)} onChange={value => set({ days: typeof value === 'number' ? value : undefined })} />}
      {follows && <Checkbox size="xs" label={t`Only in the same queue`} checked={search.same ?? false} onChange={event => set({ same: event.currentTarget.checked || undefined })} />}
    </Drop>
  )
}
