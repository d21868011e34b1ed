import { c, t } from 'ttag'
import { clock } from '../format/duration.ts'
import { type Formats, makeFormats } from '../format/intl.ts'
import { phone } from '../format/phone.ts'
import { directionWord, dispositionWord, hangupWord, ringWord, visitWord } from '../parts/words.ts'
import type { Column, Key, Row, Table, Unit, Value } from './contract.ts'

/* Figures, keys and codes of a report in the viewer's words. */

/** A figure with the digits it deserves: percentages without decimals unless below ten. No figure is a dash. */
export function valueText(unit: Unit, value: Value | undefined, formats: Formats): string {
  if (value === null || value === undefined) return '–'
  switch (unit) {
    case 'ms': return value < 0 ? `−${clock(-value)}` : clock(value)
    case 'share': return percent(value, formats)
    case 'time': return value === 0 ? '–' : formats.moment(value)
    case 'ratio': return formats.number(value, Math.abs(value) < 10 ? 2 : 1)
    default: return formats.number(value)
  }
}

function percent(share: number, formats: Formats): string {
  const points = share * 100
  const digits = points !== 0 && Math.abs(points) < 9.95 && Math.abs(points - Math.round(points)) >= 0.05 ? 1 : 0
  return `${formats.number(points, digits)} %`
}

export interface Change { text: string; up: boolean; good: boolean | null }

/** By how much a figure differs from the period before, and whether that is good; null where there is nothing to compare. */
export function changeOf(column: Column, now: Value | undefined, before: Value | undefined, formats: Formats): Change | null {
  if (now === null || now === undefined || before === null || before === undefined || column.unit === 'time' || column.unit === 'text') return null
  const difference = now - before
  const good = column.better === 0 || difference === 0 ? null : difference > 0 === column.better > 0
  const up = difference > 0
  if (difference === 0) return { text: '±0', up, good: null }
  const sign = up ? '+' : '−'
  if (column.unit === 'share') {
    const points = formats.number(Math.abs(difference) * 100, 1)
    return { text: c('percentage points').t`${sign}${points} pts`, up, good }
  }
  if (before === 0) return { text: `${sign}${valueText(column.unit, Math.abs(difference), formats)}`, up, good }
  const share = Math.abs(difference / before)
  return { text: share >= 10 ? `×${formats.number(now / before)}` : `${sign}${percent(share, formats)}`, up, good }
}

/** The formats for the beginnings of a table's buckets: in the zone they were cut in, as far as it is one. */
export function bucketFormats(table: Table, formats: Formats): Formats {
  if (table.wall) return makeFormats(formats.language, 'UTC')
  const [zone] = table.zones
  return zone && zone !== formats.zone ? makeFormats(formats.language, zone) : formats
}

export function weekdayWord(day: number, language: string, width: 'long' | 'short' = 'long'): string {
  // 5 January 2026 was a Monday.
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { weekday: width, timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + day))
}

/** What a row is about. */
export function keyText(dim: string, key: Key | undefined, buckets: Formats): string {
  if (!key) return ''
  const label = key.label ?? ''
  switch (dim) {
    case 'hour': return `${String(key.id).padStart(2, '0')}:00`
    case 'weekday': return weekdayWord(key.id, buckets.language)
    case 'day': return buckets.day(key.id)
    case 'week': {
      const first = buckets.day(key.id)
      return t`from ${first}`
    }
    case 'month': return new Intl.DateTimeFormat(buckets.language === 'en' ? 'en-GB' : buckets.language, { month: 'long', year: 'numeric', timeZone: buckets.zone }).format(key.id)
    case 'interval': return buckets.moment(key.id)
    case 'step': return stepText(key.id)
    case 'call': return label || buckets.moment(key.id)
    case 'case':
    case 'number': return label ? phone(label) : t`hidden number`
    default: return (label && codeText(dim, label)) || (key.id === 0 ? c('row').t`(none)` : `#${key.id}`)
  }
}

function stepText(seconds: number): string {
  if (seconds === 0) return t`longer`
  const time = clock(seconds * 1000)
  return t`up to ${time}`
}

/** The words of coded dimensions and columns; anything else says itself. */
export function codeText(of: string, code: string): string {
  switch (of) {
    case 'direction': return directionWord(code)
    case 'disposition': return dispositionWord(code)
    case 'result': return resultWord(code)
    case 'kind': return code === 'blind' ? c('transfer').t`Blind` : code === 'attended' ? c('transfer').t`Attended` : code
    case 'hangup_by': return hangupWord(code)
    case 'case_state': return caseWord(code)
    case 'call_flags': return code.split(', ').map(flagWord).join(', ')
    case 'caller':
    case 'dialled': return phone(code)
    default: return code
  }
}

function resultWord(code: string): string {
  const word = visitWord(code)
  return word !== code ? word : code === 'completed' ? c('transfer').t`completed` : ringWord(code)
}

export function caseWord(state: string): string {
  switch (state) {
    case 'open': return c('missed caller').t`open`
    case 'expired': return c('missed caller').t`left too long`
    case 'called_back': return c('missed caller').t`called back`
    case 'called_again': return c('missed caller').t`called again`
    default: return state
  }
}

function flagWord(flag: string): string {
  switch (flag) {
    case 'open': return c('call').t`goes on`
    case 'partial': return c('call').t`heard in part`
    case 'imported': return c('call').t`imported`
    case 'recorded': return c('call').t`recorded`
    case 'hops': return c('call').t`over several PBXs`
    default: return flag
  }
}

/** The text of a cell, whatever its column holds. */
export function cellText(table: Table, row: Row, at: number, formats: Formats): string {
  const column = table.columns[at]
  if (!column) return ''
  if (column.unit === 'text') {
    const text = row.texts?.[at] ?? ''
    return text === '' ? '–' : codeText(column.id, text)
  }
  return valueText(column.unit, row.values[at], formats)
}

/** The rows in the order of a column or dimension; "-" before it: descending. What has no figure comes last. */
export function sorted(table: Table, sort: string | undefined, collator: Intl.Collator): number[] {
  const order = table.rows.map((_, i) => i)
  if (!sort) return order
  const down = sort.startsWith('-') ? -1 : 1
  const by = sort.replace(/^-/, '')
  const column = table.columns.findIndex(one => one.id === by)
  const dim = table.dims.indexOf(by)
  const text = table.columns[column]?.unit === 'text'
  const compare = (a: Row, b: Row): number => {
    if (dim >= 0) {
      const [x, y] = [a.keys[dim], b.keys[dim]]
      return down * (x?.label && y?.label ? collator.compare(x.label, y.label) : (x?.id ?? 0) - (y?.id ?? 0))
    }
    if (text) return down * collator.compare(a.texts?.[column] ?? '', b.texts?.[column] ?? '')
    const [x, y] = [a.values[column] ?? null, b.values[column] ?? null]
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1
    return down * (x - y)
  }
  if (column < 0 && dim < 0) return order
  return order.sort((a, b) => { const [x, y] = [table.rows[a], table.rows[b]]; return (x && y && compare(x, y)) || a - b })
}
