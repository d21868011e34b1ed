/* What a row of the audit says: which of the values that were kept differ. */

export interface Difference { field: string; was: unknown; is: unknown }

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Names that say nothing to people: the row's own subject says them. */
const silent = new Set(['id', 'subject', 'station', 'pbx', 'peer', 'endpoint', 'peer_endpoint'])

/**
 * The values that differ. Where something came or went, all that it has but the name that the row's subject says;
 * undefined stands for what is not there.
 */
export function differences(before: unknown, after: unknown, subject = ''): Difference[] {
  const said = (one: Difference) => one.field === 'name' && (one.was === undefined || one.is === undefined) && subject.endsWith(String(one.was ?? one.is))
  return allDifferences(before, after).filter(one => !said(one))
}

function allDifferences(before: unknown, after: unknown): Difference[] {
  if (Array.isArray(before) || Array.isArray(after)) return listDifferences(Array.isArray(before) ? before : [], Array.isArray(after) ? after : [])
  if (!isFields(before) && !isFields(after)) return same(before, after) ? [] : [{ field: '', was: before ?? undefined, is: after ?? undefined }]
  const [old, now] = [isFields(before) ? before : {}, isFields(after) ? after : {}]
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(field => !silent.has(field))
  const empty = (value: unknown) => (value === null || value === '' ? undefined : value)
  return fields.filter(field => !same(empty(old[field]), empty(now[field]))).flatMap(field => {
    const [was, is] = [empty(old[field]), empty(now[field])]
    if (Array.isArray(was) || Array.isArray(is)) return listDifferences(Array.isArray(was) ? was : [], Array.isArray(is) ? is : [])
    return [{ field, was, is }]
  })
}

/** Of lists: what was taken out, what came in, and whether the rest is in another order. */
function listDifferences(before: unknown[], after: unknown[]): Difference[] {
  const lacks = (list: unknown[], one: unknown) => !list.some(other => same(one, other))
  const out = before.filter(one => lacks(after, one)).map(was => ({ field: 'item', was, is: undefined }))
  const came = after.filter(one => lacks(before, one)).map(is => ({ field: 'item', was: undefined, is }))
  const stayed = (list: unknown[], other: unknown[]) => list.filter(one => !lacks(other, one))
  const reordered = !same(stayed(before, after), stayed(after, before))
  return [...out, ...came, ...(reordered ? [{ field: 'order', was: undefined, is: after.map(itemText).join(', ') }] : [])]
}

/** An item of a list in one word: of a rule its pattern. */
export function itemText(item: unknown): string {
  if (!isFields(item)) return String(item)
  const { pattern } = item
  return typeof pattern === 'string' ? pattern : Object.values(item).filter(one => typeof one === 'string' || typeof one === 'number').join(' ')
}
