import { Fragment, useMemo, useState } from 'react'
import { t } from 'ttag'
import type { Drawn } from './Chart.tsx'
import css from './Chart.module.css'
import { most } from './scale.ts'
import type { Key } from '../contract.ts'
import { keyText, valueText } from '../values.ts'

const mostCells = 1200

/** Two dimensions: darker is more. What is read out is also in the table; a matrix writes its figures into its cells. */
export function Heatmap({ table, words, at, width, formats, buckets, drill }: Drawn) {
  const column = table.columns[at]
  const [pointed, setPointed] = useState<{ row: number; col: number } | null>(null)
  const { rows, cols, cells } = useMemo(() => gridOf(table), [table])
  const [down = '', across = ''] = table.dims
  if (!column || rows.length * cols.length > mostCells || cols.length > 40) return null
  const labels = Math.min(Math.max(width * 0.16, 90), 190)
  const size = Math.max((width - labels) / Math.max(cols.length, 1), 4)
  const tall = Math.min(Math.max(size, 20), 26)
  const head = down === 'weekday' || across === 'hour' ? 18 : 26
  const top = column.unit === 'share' ? 1 : most(table.rows.map(row => row.values[at])) || 1
  const title = words.measure(column.id)?.title ?? column.id
  const hourly = across === 'hour'
  const found = pointed && cells.get(`${pointed.row} ${pointed.col}`)
  return (
    <>
      <p className={css.readout}>{found !== null && found !== undefined && pointed && <><span>{keyText(down, rows[pointed.row], buckets)}, {keyText(across, cols[pointed.col], buckets)}</span><b>{valueText(column.unit, table.rows[found]?.values[at], formats)}</b></>}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the table below is the way by keyboard */}
      <svg width={width} height={head + rows.length * (tall + 2)} role="img" aria-label={t`Heatmap: ${title}. The table below has the same figures.`} onPointerLeave={() => setPointed(null)}>
        {cols.map((key, c) => (hourly && c % 2 === 1 && size < 40 ? null : <text key={c} x={labels + c * size + size / 2} y={head - 6} textAnchor="middle">{short(hourly ? String(key.id) : keyText(across, key, buckets), hourly ? 99 : size)}</text>))}
        {rows.map((key, r) => (
          <Fragment key={r}>
            <text x={labels - 8} y={head + r * (tall + 2) + tall / 2 + 4} textAnchor="end">{short(keyText(down, key, buckets), labels)}</text>
            {cols.map((_, c) => {
              const place = cells.get(`${r} ${c}`)
              const value = place === undefined ? null : (table.rows[place]?.values[at] ?? null)
              const share = value === null ? 0 : value / top
              const keys = place === undefined ? undefined : table.rows[place]?.keys
              return (
                <g key={c} className={column.drill && keys ? css.hit : undefined} onPointerEnter={() => setPointed({ row: r, col: c })} onClick={column.drill && keys ? () => drill(keys, column.id) : undefined}>
                  <rect x={labels + c * size + 1} y={head + r * (tall + 2)} width={size - 2} height={tall} rx={2} fill={value === null ? 'var(--hover)' : `color-mix(in oklab, var(--series-1) ${Math.round(6 + share * 94)}%, var(--surface))`} />
                  {size > 34 && value !== null && value !== 0 && <text x={labels + c * size + size / 2} y={head + r * (tall + 2) + tall / 2 + 4} textAnchor="middle" style={{ fill: share > 0.75 ? 'var(--surface)' : 'var(--text)' }}>{valueText(column.unit, value, formats)}</text>}
                </g>
              )
            })}
          </Fragment>
        ))}
      </svg>
    </>
  )
}

const short = (text: string, room: number) => {
  const letters = Math.max(Math.floor(room / 6.6), 2)
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text
}

function gridOf(table: Drawn['table']): { rows: Key[]; cols: Key[]; cells: Map<string, number> } {
  const name = (key: Key | undefined) => `${key?.kind ?? ''} ${key?.id} ${key?.label ?? ''}`
  const axis = (n: number, all: number | null): { keys: Key[]; place: Map<string, number> } => {
    const found = new Map<string, Key>()
    for (const row of table.rows) { const key = row.keys[n]; if (key) found.set(name(key), key) }
    const keys = all === null ? [...found.values()] : Array.from({ length: all }, (_, i) => ({ id: table.dims[n] === 'weekday' ? i + 1 : i }))
    return { keys, place: new Map(keys.map((key, i) => [name(key), i])) }
  }
  const full = (n: number) => (table.dims[n] === 'weekday' ? 7 : table.dims[n] === 'hour' ? 24 : null)
  const [down, across] = [axis(0, full(0)), axis(1, full(1))]
  const cells = new Map(table.rows.map((row, i) => [`${down.place.get(name(row.keys[0]))} ${across.place.get(name(row.keys[1]))}`, i]))
  return { rows: down.keys, cols: across.keys, cells }
}
