import type { Key, Table } from './contract.ts'

/* A figure in the address: the keys of its row and its column. The total has no keys. */

const part = (key: Key) => `${key.kind ?? ''}:${key.id}:${encodeURIComponent(key.label ?? '').replaceAll('~', '%7E')}`

export function drillText(keys: Key[] | null, column: string): string {
  return [...(keys ?? []).map(part), column].join('~')
}

export function readDrill(written: string | undefined): { keys: Key[] | null; column: string } | undefined {
  const parts = written?.split('~') ?? []
  const column = parts.pop()
  if (!column || !/^[a-z0-9_]+$/.test(column)) return undefined
  const keys = parts.map(one => /^([a-z]*):(-?\d+):(.*)$/.exec(one))
  if (keys.some(one => one === null)) return undefined
  if (keys.length === 0) return { keys: null, column }
  return { keys: keys.map(one => ({ id: Number(one?.[2]), ...(one?.[1] && { kind: one[1] }), ...(one?.[3] && { label: decode(one[3]) }) })), column }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The row of a table that a drill-down is about. */
export const sameKeys = (a: Key[] | null, b: Key[] | null) => (a === null || b === null ? a === b : a.length === b.length && a.every((one, i) => part(one) === part(b[i] ?? { id: 0 })))

export const rowOf = (table: Table, keys: Key[] | null) => (keys ? table.rows.find(row => sameKeys(row.keys, keys)) : undefined)
