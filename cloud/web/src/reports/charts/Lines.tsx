import { type PointerEvent, useMemo, useState } from 'react'
import { t } from 'ttag'
import type { Drawn } from './Chart.tsx'
import css from './Chart.module.css'
import { most, runs, ticks } from './scale.ts'
import type { Key, Value } from '../contract.ts'
import { keyText, valueText } from '../values.ts'

interface Series { name: string; values: Map<number, Value>; keys: Map<number, Key[]>; before: Map<number, Value> }

const times = new Set(['interval', 'day', 'week', 'month'])
const mostSeries = 6
const height = 208
const foot = 22
const left = 52

/** A figure over time: a line per group, named where it ends; nothing is drawn where there is no figure. */
export function Lines({ table, words, at, width, formats, buckets, drill }: Drawn) {
  const column = table.columns[at]
  const time = table.dims.findIndex(dim => times.has(dim))
  const dim = table.dims[time] ?? ''
  const [pointed, setPointed] = useState<number | null>(null)
  const { series, moments, left: rest } = useMemo(() => seriesOf(table, at, time, id => keyText(table.dims[1 - time] ?? '', id, buckets)), [table, at, time, buckets])
  if (!column) return null
  const named = series.length > 1
  const right = named ? Math.min(150, width * 0.22) : 16
  const lines = ticks(column.unit === 'share' ? 1 : most(series.flatMap(one => [...one.values.values(), ...one.before.values()])), column.unit)
  const top = lines.at(-1) || 1
  const x = (i: number) => left + (moments.length < 2 ? 0 : (i / (moments.length - 1)) * Math.max(width - left - right, 10))
  const y = (value: number) => 8 + (1 - value / top) * (height - 8)
  const marks = marksOf(moments.length, Math.max(Math.floor((width - left - right) / 92), 2))
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = (event.clientX - box.left - left) / Math.max(width - left - right, 10)
    setPointed(Math.min(Math.max(Math.round(share * (moments.length - 1)), 0), moments.length - 1))
  }
  const path = (values: Map<number, Value>) => runs(moments.map((moment, i) => ({ x: x(i), y: values.get(moment) ?? null }))).map(run => run.length === 1 ? `M${run[0]?.x},${y(run[0]?.y ?? 0)}h0.01` : `M${run.map(p => `${p.x},${y(p.y)}`).join('L')}`).join('')
  const moment = pointed === null ? undefined : moments[pointed]
  const target = column.id === 'service_level' ? (table.policies[0]?.target ?? 0) : 0
  const title = words.measure(column.id)?.title ?? column.id
  const open = () => {
    const keys = moment === undefined ? undefined : series[0]?.keys.get(moment)
    if (keys && column.drill && !named) drill(keys, column.id)
  }
  return (
    <>
      <p className={css.readout}>
        {moment !== undefined && <b>{keyText(dim, { id: moment }, buckets)}</b>}
        {moment !== undefined && series.map((one, i) => <span key={one.name}><i style={{ background: colour(i) }} />{named && `${one.name} `}<b>{valueText(column.unit, one.values.get(moment), formats)}</b></span>)}
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the table below is the way by keyboard */}
      <svg width={width} height={height + foot} role="img" aria-label={t`Over time: ${title}. The table below has the same figures.`} onPointerMove={point} onPointerLeave={() => setPointed(null)} onClick={open}>
        {lines.map(value => (
          <g key={value}>
            <line className={value === 0 ? css.axis : css.grid} x1={left} x2={width - right} y1={y(value)} y2={y(value)} />
            <text x={left - 8} y={y(value) + 4} textAnchor="end">{valueText(column.unit, value, formats)}</text>
          </g>
        ))}
        {marks.map(i => <text key={i} x={x(i)} y={height + 16} textAnchor="middle">{shortText(dim, moments[i] ?? 0, buckets, moments)}</text>)}
        {target > 0 && <line className={css.target} x1={left} x2={width - right} y1={y(target)} y2={y(target)} />}
        {series.map((one, i) => (
          <g key={one.name} stroke={colour(i)} strokeLinecap="round">
            {one.before.size > 0 && <path className={css.line} data-before d={path(one.before)} />}
            <path className={css.line} d={path(one.values)} />
          </g>
        ))}
        {named && endings(series, moments, y).map(({ name, at: place, i }) => <text key={name} x={width - right + 6} y={place + 4} style={{ fill: colour(i), fontWeight: 500 }}>{name.length > right / 7 ? `${name.slice(0, Math.floor(right / 7) - 1)}…` : name}</text>)}
        {pointed !== null && <line className={css.axis} x1={x(pointed)} x2={x(pointed)} y1={4} y2={height} />}
      </svg>
      {(rest > 0 || target > 0 || table.before) && <p className={css.rest}>{[rest > 0 && t`the others are in the table`, target > 0 && t`dashed: the target`, table.before && t`dotted: the period before`].filter(Boolean).join(' · ')}</p>}
    </>
  )
}

const colour = (i: number) => `var(--series-${(i % mostSeries) + 1})`

function seriesOf(table: Drawn['table'], at: number, time: number, name: (key: Key | undefined) => string): { series: Series[]; moments: number[]; left: number } {
  const found = new Map<string, Series & { size: number }>()
  const moments = new Set<number>()
  table.rows.forEach((row, i) => {
    const moment = row.keys[time]?.id ?? 0
    const group = table.dims.length > 1 ? name(row.keys[1 - time]) : ''
    let one = found.get(group)
    if (!one) found.set(group, (one = { name: group, values: new Map(), keys: new Map(), before: new Map(), size: 0 }))
    moments.add(moment)
    one.values.set(moment, row.values[at] ?? null)
    one.keys.set(moment, row.keys)
    one.size += row.values[0] ?? 0
    const was = table.before?.rows[i]?.[at]
    if (was !== null && was !== undefined) one.before.set(moment, was)
  })
  const all = [...found.values()].sort((a, b) => b.size - a.size)
  return { series: all.slice(0, mostSeries), moments: withGaps([...moments].sort((a, b) => a - b)), left: Math.max(all.length - mostSeries, 0) }
}

/** Buckets without rows are there, too: a line must not lead over a night as if it were a minute. */
function withGaps(moments: number[]): number[] {
  const steps = moments.slice(1).map((moment, i) => moment - (moments[i] ?? 0))
  const step = Math.min(...steps)
  if (!Number.isFinite(step) || step >= 23 * 3_600_000) return moments
  const [first, last] = [moments[0] ?? 0, moments.at(-1) ?? 0]
  if ((last - first) / step > 20_000) return moments
  const all = new Set(moments)
  for (let at = first; at < last; at += step) all.add(at)
  return [...all].sort((a, b) => a - b)
}

function marksOf(n: number, wanted: number): number[] {
  const step = Math.max(1, Math.ceil(n / wanted))
  return Array.from({ length: Math.ceil(n / step) }, (_, i) => i * step)
}

function shortText(dim: string, moment: number, buckets: Drawn['buckets'], moments: number[]): string {
  if (dim !== 'interval') return keyText(dim, { id: moment }, buckets)
  return (moments.at(-1) ?? 0) - (moments[0] ?? 0) > 36 * 3_600_000 ? buckets.moment(moment) : buckets.minute(moment)
}

/** Where the names of lines go: where the lines end, and never over each other. */
function endings(series: Series[], moments: number[], y: (value: number) => number): { name: string; at: number; i: number }[] {
  const last = (one: Series) => moments.toReversed().map(moment => one.values.get(moment) ?? null).find(value => value !== null) ?? 0
  const all = series.map((one, i) => ({ name: one.name, at: y(last(one)), i })).sort((a, b) => a.at - b.at)
  all.forEach((one, i) => { one.at = Math.max(one.at, (all[i - 1]?.at ?? Number.NEGATIVE_INFINITY) + 14) })
  return all
}
