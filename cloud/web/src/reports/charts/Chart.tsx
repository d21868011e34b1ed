import { Select } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useMemo } from 'react'
import { t } from 'ttag'
import { type Formats, useFormats } from '../../format/intl.ts'
import type { ChartKind, Definition, Key, Table } from '../contract.ts'
import { useSet } from '../ReportPage.tsx'
import type { Words } from '../useReport.ts'
import { bucketFormats } from '../values.ts'
import { Bars } from './Bars.tsx'
import css from './Chart.module.css'
import { Funnel } from './Funnel.tsx'
import { Heatmap } from './Heatmap.tsx'
import { Lines } from './Lines.tsx'
import { Spans, spanColumns } from './Spans.tsx'
import { Steps } from './Steps.tsx'

export interface Drawn {
  table: Table
  words: Words
  /** The column that is drawn. */
  at: number
  width: number
  formats: Formats
  /** For the beginnings of buckets. */
  buckets: Formats
  drill(keys: Key[] | null, column: string): void
}

const times = new Set(['interval', 'day', 'week', 'month'])

/** Which drawing fits what the table is grouped by now; the definition's own where it still does. */
export function kindOf(definition: Definition, table: Table): ChartKind {
  const [first, second] = table.dims
  if (definition.chart === 'timeline' && spanColumns(table)) return 'timeline'
  if (first === 'call' || first === 'case') return ''
  if (definition.chart === 'funnel' && table.dims.length < 2) return 'funnel'
  if (first === undefined || table.rows.length === 0) return ''
  if (first === 'step' && !second) return 'distribution'
  if (times.has(first) || (second !== undefined && times.has(second))) return second && !times.has(first) && !times.has(second) ? 'bars' : 'lines'
  if (second) return first === 'weekday' || second === 'hour' || second === 'weekday' ? 'heatmap' : 'matrix'
  return 'bars'
}

/** What a table looks like, where its shape says more than its figures. */
export function Chart({ definition, table, words, figure, drill }: { definition: Definition; table: Table; words: Words; figure: string; drill: Drawn['drill'] }) {
  const formats = useFormats()
  const set = useSet()
  const { ref, width } = useElementSize()
  const buckets = useMemo(() => bucketFormats(table, formats), [table, formats])
  const figures = table.columns.filter(one => one.unit !== 'text' && one.unit !== 'time')
  const at = Math.max(table.columns.findIndex(one => one.id === figure), figures.some(one => one.id === figure) ? 0 : table.columns.findIndex(one => one === figures[0]))
  const kind = kindOf(definition, table)
  if (kind === '' || figures.length === 0 || at < 0) return null
  const drawn: Drawn = { table, words, at, width, formats, buckets, drill }
  return (
    <figure className={css.figure}>
      <figcaption>
        {kind !== 'funnel' && kind !== 'timeline' && (
          <Select size="xs" variant="unstyled" className={css.which} aria-label={t`What is drawn`} data={figures.map(one => ({ value: one.id, label: words.measure(one.id)?.title ?? one.id }))} value={table.columns[at]?.id ?? null} onChange={value => set({ draw: value === definition.figure ? undefined : (value ?? undefined) })} allowDeselect={false} comboboxProps={{ width: 'max-content', position: 'bottom-start' }} rightSection={<IconChevronDown size={13} aria-hidden />} />
        )}
        <button type="button" className={css.hide} onClick={() => set({ draw: 'none' })}><IconChevronUp size={13} aria-hidden />{t`Hide the chart`}</button>
      </figcaption>
      <div ref={ref} className={css.canvas}>
        {width > 0 && kind === 'bars' && <Bars {...drawn} />}
        {width > 0 && kind === 'lines' && <Lines {...drawn} />}
        {width > 0 && (kind === 'heatmap' || kind === 'matrix') && <Heatmap {...drawn} />}
        {width > 0 && kind === 'distribution' && <Steps {...drawn} />}
        {width > 0 && kind === 'funnel' && <Funnel {...drawn} />}
        {width > 0 && kind === 'timeline' && <Spans {...drawn} />}
      </div>
    </figure>
  )
}
