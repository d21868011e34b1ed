import { t } from 'ttag'
import type { Drawn } from './Chart.tsx'
import css from './Chart.module.css'
import { most, ticks } from './scale.ts'
import { keyText, valueText } from '../values.ts'

const height = 190
const left = 46

/** A distribution: a column for each step of waiting, and the threshold of the service level between them. */
export function Steps({ table, words, at, width, formats, buckets, drill }: Drawn) {
  const column = table.columns[at]
  if (!column) return null
  const lines = ticks(most(table.rows.map(row => row.values[at])), column.unit, 3)
  const top = lines.at(-1) || 1
  const size = Math.min((width - left) / Math.max(table.rows.length, 1), 92)
  const y = (value: number) => 18 + (1 - value / top) * (height - 18)
  const threshold = table.policies[0]?.threshold ?? 0
  const within = table.rows.filter(row => (row.keys[0]?.id ?? 0) > 0 && (row.keys[0]?.id ?? 0) <= threshold).length
  const title = words.measure(column.id)?.title ?? column.id
  return (
    <>
      <svg width={width} height={height + 24} role="img" aria-label={t`Distribution: ${title}. The table below has the same figures.`}>
        {lines.map(value => (
          <g key={value}>
            <line className={value === 0 ? css.axis : css.grid} x1={left} x2={left + size * table.rows.length} y1={y(value)} y2={y(value)} />
            <text x={left - 8} y={y(value) + 4} textAnchor="end">{valueText(column.unit, value, formats)}</text>
          </g>
        ))}
        {table.rows.map((row, i) => {
          const value = row.values[at] ?? 0
          return (
            <g key={i} className={column.drill ? css.hit : undefined} onClick={column.drill ? () => drill(row.keys, column.id) : undefined}>
              <rect className={css.bar} x={left + i * size + 2} y={y(value)} width={size - 4} height={Math.max(height - y(value), 0)} rx={2} />
              {size > 30 && <text data-value x={left + i * size + size / 2} y={y(value) - 5} textAnchor="middle">{valueText(column.unit, row.values[at], formats)}</text>}
              <text x={left + i * size + size / 2} y={height + 16} textAnchor="middle">{size > 62 ? keyText('step', row.keys[0], buckets) : row.keys[0]?.id ? `≤${row.keys[0].id}` : '…'}</text>
            </g>
          )
        })}
        {threshold > 0 && within > 0 && within < table.rows.length && <line className={css.target} x1={left + within * size} x2={left + within * size} y1={2} y2={height} />}
      </svg>
      {threshold > 0 && <p className={css.rest}>{t`dashed: the threshold of the service level, ${threshold} s`}</p>}
    </>
  )
}
