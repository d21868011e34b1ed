import { t, msgid, ngettext } from 'ttag'
import type { Drawn } from './Chart.tsx'
import css from './Chart.module.css'
import { most } from './scale.ts'
import { keyText, sorted, valueText } from '../values.ts'

const shown = 14
const height = 24

/** One bar a row, the longest first; what it was in the period before is a tick on it. Two dimensions: a bar for each pair. */
export function Bars({ table, words, at, width, formats, buckets, drill }: Drawn) {
  const column = table.columns[at]
  if (!column) return null
  const natural = table.dims.length === 1 && (table.dims[0] === 'hour' || table.dims[0] === 'weekday')
  const order = (natural ? table.rows.map((_, i) => i) : sorted(table, `-${column.id}`, formats.collator)).filter(i => table.rows[i]?.values[at] !== null)
  const rows = order.slice(0, natural ? 24 : shown)
  const rest = order.length - rows.length
  const labels = Math.min(Math.max(width * 0.24, 110), 220)
  const right = 74
  const before = (i: number) => table.before?.rows[i]?.[at] ?? null
  const top = column.unit === 'share' ? Math.max(1, most(rows.map(i => table.rows[i]?.values[at]))) : most(rows.flatMap(i => [table.rows[i]?.values[at], before(i)])) || 1
  const x = (value: number) => (value / top) * Math.max(width - labels - right, 10)
  const target = column.id === 'service_level' ? (table.policies[0]?.target ?? 0) : 0
  const title = words.measure(column.id)?.title ?? column.id
  return (
    <>
      <svg width={width} height={rows.length * height + 4} role="img" aria-label={t`Bars: ${title}. The table below has the same figures.`}>
        {rows.map((i, n) => {
          const row = table.rows[i]
          if (!row) return null
          const value = row.values[at] ?? 0
          const name = row.keys.map((one, k) => keyText(table.dims[k] ?? '', one, buckets)).join(', ')
          const y = n * height
          const was = before(i)
          return (
            <g key={i} className={column.drill ? css.hit : undefined} onClick={column.drill ? () => drill(row.keys, column.id) : undefined}>
              <rect x={0} y={y} width={width} height={height} fill="transparent" />
              <text x={labels - 8} y={y + 16} textAnchor="end">{cut(name, labels)}</text>
              {column.unit === 'share' && <rect className={css.track} x={labels} y={y + 4} width={x(1)} height={height - 8} rx={2} />}
              <rect className={css.bar} x={labels} y={y + 4} width={Math.max(x(value), value > 0 ? 1.5 : 0)} height={height - 8} rx={2} />
              {was !== null && <line className={css.before} x1={labels + x(was)} x2={labels + x(was)} y1={y + 2} y2={y + height - 2} />}
              <text data-value x={labels + Math.max(x(value), column.unit === 'share' ? x(1) : 0) + 6} y={y + 16}>{valueText(column.unit, row.values[at], formats)}</text>
            </g>
          )
        })}
        {target > 0 && <line className={css.target} x1={labels + x(target)} x2={labels + x(target)} y1={0} y2={rows.length * height} />}
      </svg>
      <p className={css.rest}>{[rest > 0 && ngettext(msgid`${rest} more in the table`, `${rest} more in the table`, rest), target > 0 && t`dashed: the target`, table.before && t`grey tick: the period before`].filter(Boolean).join(' · ')}</p>
    </>
  )
}

/** As much of a name as has room, at 6.4 pixels a letter. */
function cut(name: string, room: number): string {
  const letters = Math.floor((room - 10) / 6.4)
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name
}
