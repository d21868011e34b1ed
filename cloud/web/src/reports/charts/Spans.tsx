import { t } from 'ttag'
import type { Drawn } from './Chart.tsx'
import css from './Chart.module.css'
import type { Table } from '../contract.ts'
import { keyText } from '../values.ts'

const pairs = [['first_in', 'last_out'], ['first_missed', 'contact_at']] as const
const height = 20
const shown = 30

/** The two columns between whose times a bar is drawn. */
export function spanColumns(table: Table): [number, number] | null {
  for (const [from, to] of pairs) {
    const [a, b] = [table.columns.findIndex(one => one.id === from), table.columns.findIndex(one => one.id === to)]
    if (a >= 0 && b >= 0) return [a, b]
  }
  return null
}

/** When something was, row by row. What has no end goes on to the right edge, dashed. */
export function Spans({ table, width, formats, buckets }: Drawn) {
  const columns = spanColumns(table)
  if (!columns) return null
  const [a, b] = columns
  const rows = table.rows.filter(row => row.values[a]).slice(0, shown)
  const from = Math.min(...rows.map(row => row.values[a] ?? Number.POSITIVE_INFINITY))
  const to = Math.max(...rows.map(row => row.values[b] || (row.values[a] ?? 0)), from + 3_600_000)
  const labels = Math.min(Math.max(width * 0.24, 110), 230)
  const x = (ms: number) => labels + ((ms - from) / (to - from)) * Math.max(width - labels - 10, 10)
  const many = Math.max(Math.floor((width - labels) / 150), 2)
  const marks = Array.from({ length: many }, (_, i) => from + ((to - from) * i) / many)
  const long = to - from > 30 * 3_600_000
  return (
    <>
      <svg width={width} height={rows.length * height + 20} role="img" aria-label={t`When each was. The table below has the same times.`}>
        {marks.map(at => (
          <g key={at}>
            <line className={css.grid} x1={x(at)} x2={x(at)} y1={14} y2={rows.length * height + 20} />
            <text x={x(at) + 3} y={10}>{long ? buckets.moment(at) : formats.minute(at)}</text>
          </g>
        ))}
        {rows.map((row, i) => {
          const [start, end] = [row.values[a] ?? 0, row.values[b] ?? null]
          const name = row.keys.map((one, k) => keyText(table.dims[k] ?? '', one, buckets)).join(', ')
          return (
            <g key={i}>
              <text x={labels - 8} y={i * height + 32} textAnchor="end">{name.length > labels / 6.6 ? `${name.slice(0, Math.floor(labels / 6.6) - 1)}…` : name}</text>
              {end ? <rect className={css.bar} x={x(start)} y={i * height + 22} width={Math.max(x(end) - x(start), 2)} height={height - 8} rx={2} /> : <line className={css.target} x1={x(start)} x2={x(to)} y1={i * height + 28} y2={i * height + 28} />}
            </g>
          )
        })}
      </svg>
      {table.rows.length > rows.length && <p className={css.rest}>{t`the others are in the table`}</p>}
    </>
  )
}
