import { Button, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { type KeyboardEvent, memo, useMemo, useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { type Formats, useFormats } from '../format/intl.ts'
import { Delta } from './Delta.tsx'
import type { Column, Key, Row, Table, Value } from './contract.ts'
import { sameKeys } from './drill.ts'
import css from './Grid.module.css'
import type { Words } from './useReport.ts'
import { bucketFormats, cellText, changeOf, keyText, sorted } from './values.ts'

interface Props {
  table: Table
  words: Words
  label: string
  sort: string | undefined
  setSort(sort: string | undefined): void
  open: { keys: Key[] | null; column: string } | undefined
  drill(keys: Key[] | null, column: string): void
  close(): void
}

const step = 300

/** The figures of a report. Arrows move from one to the next, Enter lists the calls behind it, Escape closes them. */
export const Grid = memo(function Grid({ table, words, label, sort, setSort, open, drill, close }: Props) {
  const formats = useFormats()
  const buckets = useMemo(() => bucketFormats(table, formats), [table, formats])
  const order = useMemo(() => sorted(table, sort, formats.collator), [table, sort, formats])
  const [shown, setShown] = useState(step)
  const rest = order.length - shown
  const key = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Escape' && open) return close()
    if (move(event)) event.preventDefault()
  }
  const total = table.dims.length > 0 && table.dims[0] !== 'call' && table.dims[0] !== 'case'
  return (
    <div className={css.frame}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <table className={css.table} aria-label={label} onKeyDown={key}>
        <thead>
          <tr>
            {table.dims.map(dim => <Head key={dim} id={dim} title={words.dimension(dim)?.title ?? dim} sort={sort} setSort={setSort} first="up" />)}
            {table.dims.length === 0 && <th scope="col" className={css.name}><span className={css.plain}>{t`Whole period`}</span></th>}
            {table.columns.map(column => <Measured key={column.id} column={column} words={words} sort={sort} setSort={setSort} />)}
          </tr>
        </thead>
        <tbody>
          {(total || table.dims.length === 0) && (
            <tr className={css.total}>
              <th scope="row" className={css.name} colSpan={Math.max(table.dims.length, 1)}>{t`Total`}</th>
              <Cells table={table} keys={null} values={table.totals} before={table.before?.totals} row={{ keys: [], values: table.totals }} formats={formats} open={open && open.keys === null ? open.column : undefined} drill={drill} first />
            </tr>
          )}
          {table.dims.length > 0 && order.slice(0, shown).map((at, i) => {
            const row = table.rows[at]
            if (!row) return null
            return <Line key={row.keys.map(one => `${one.kind ?? ''}${one.id}${one.label ?? ''}`).join('|')} table={table} row={row} before={table.before?.rows[at]} buckets={buckets} formats={formats} open={open && sameKeys(open.keys, row.keys) ? open.column : undefined} drill={drill} first={!total && i === 0} />
          })}
        </tbody>
      </table>
      {rest > 0 && <div className={css.more}><Button variant="default" size="xs" onClick={() => setShown(n => n + step)}>{ngettext(msgid`Show ${rest} more`, `Show ${rest} more`, rest)}</Button></div>}
    </div>
  )
})

/** Moves the focus from figure to figure; whether the key meant that. */
function move(event: KeyboardEvent<HTMLElement>): boolean {
  const cell = (event.target as HTMLElement).closest('td')
  const row = cell?.parentElement as HTMLTableRowElement | null | undefined
  if (!cell || !row) return false
  const across = { ArrowLeft: -1, ArrowRight: 1, Home: -99, End: 99 }[event.key]
  const along = { ArrowUp: -1, ArrowDown: 1, PageUp: -12, PageDown: 12 }[event.key]
  if (across === undefined && along === undefined) return false
  const rows = [...(row.parentElement?.children ?? [])] as HTMLTableRowElement[]
  const cells = (one: HTMLTableRowElement | undefined) => [...(one?.querySelectorAll('td') ?? [])]
  const clamp = (n: number, most: number) => Math.min(Math.max(n, 0), most)
  const here = cells(row).indexOf(cell)
  const target = cells(rows[clamp(rows.indexOf(row) + (along ?? 0), rows.length - 1)])
  const next = target[clamp(here + (across ?? 0), target.length - 1)]
  next?.querySelector<HTMLElement>('[data-cell]')?.focus()
  return true
}

interface HeadProps { id: string; title: string; sort: string | undefined; setSort(sort: string | undefined): void; first: 'up' | 'down'; help?: string; right?: boolean }

function Head({ id, title, sort, setSort, first, help, right }: HeadProps) {
  const up = sort === id
  const down = sort === `-${id}`
  const [one, two] = first === 'down' ? [`-${id}`, id] : [id, `-${id}`]
  const next = sort === one ? two : sort === two ? undefined : one
  const button = (
    <button type="button" onClick={() => setSort(next)}>
      <span>{title}</span>
      {up && <IconArrowUp size={13} aria-hidden />}
      {down && <IconArrowDown size={13} aria-hidden />}
    </button>
  )
  return (
    <th scope="col" className={right ? css.figure : css.name} aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
      {help ? <Tooltip label={help} multiline w={300} withArrow events={{ hover: true, focus: true, touch: true }} openDelay={250}>{button}</Tooltip> : button}
    </th>
  )
}

function Measured({ column, words, sort, setSort }: { column: Column; words: Words; sort: string | undefined; setSort(sort: string | undefined): void }) {
  const measure = words.measure(column.id)
  const source = measure?.source ? t`Source: ${measure.source}` : ''
  const help = measure ? [`${measure.title} = ${measure.formula}`, source].filter(Boolean).join('. ') : undefined
  return <Head id={column.id} title={measure?.title ?? column.id} sort={sort} setSort={setSort} first={column.unit === 'text' ? 'up' : 'down'} right={column.unit !== 'text'} help={help} />
}

interface LineProps { table: Table; row: Row; before: Value[] | null | undefined; buckets: Formats; formats: Formats; open: string | undefined; drill: Props['drill']; first: boolean }

const Line = memo(function Line({ table, row, before, buckets, formats, open, drill, first }: LineProps) {
  return (
    <tr>
      {table.dims.map((dim, i) => <th key={dim} scope="row" className={css.name}><span className={css.cut}>{keyText(dim, row.keys[i], buckets)}</span></th>)}
      <Cells table={table} keys={row.keys} values={row.values} before={before} row={row} formats={formats} open={open} drill={drill} first={first} />
    </tr>
  )
})

interface CellsProps { table: Table; keys: Key[] | null; values: Value[]; before: Value[] | null | undefined; row: Row; formats: Formats; open: string | undefined; drill: Props['drill']; first: boolean }

function Cells({ table, keys, values, before, row, formats, open, drill, first }: CellsProps) {
  return table.columns.map((column, i) => {
    const value = values[i] ?? null
    const words = cellText(table, row, i, formats)
    const change = table.before ? changeOf(column, value, before?.[i] ?? null, formats) : null
    const text = column.unit === 'text'
    const behind = column.drill && (text ? words !== '–' : value !== null && value !== 0)
    const tabIndex = first && i === 0 ? 0 : -1
    return (
      <td key={column.id} className={text ? css.text : css.figure} data-open={open === column.id || undefined}>
        {behind ? <button type="button" data-cell tabIndex={tabIndex} className={css.cell} onClick={() => drill(keys, column.id)}>{words}</button> : <span data-cell tabIndex={tabIndex} className={css.cell} data-none={words === '–' || undefined}>{words}</span>}
        {table.before && !text && <Delta change={change} />}
      </td>
    )
  })
}
