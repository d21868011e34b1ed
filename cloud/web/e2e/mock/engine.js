// In place of the engine's worker: figures made of the names of what is asked for, the same every time.
const queues = ['Sales', 'Support', 'Night desk', 'Dispatch']
const people = ['Anna Orlova', 'Boris Weiss', 'Clara Nguyen', 'Dmitry Sokolov', 'Elena Petrova', 'Farid Aliyev', 'Greta Lind', 'Hugo Marin']
const hour = 3_600_000
const catalogue = fetch('/api/v1/reports').then(answer => answer.json())

function dice(text) {
  let state = 7
  for (const letter of text) state = (state * 31 + letter.codePointAt(0)) % 4_294_967_296
  state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
  return state / 4_294_967_296
}

function keysOf(dim, query) {
  const many = (n, of) => Array.from({ length: n }, (_, i) => of(i))
  const buckets = step => many(Math.min(Math.ceil((Math.min(query.to, query.now) - query.from) / step), 400), i => ({ id: query.from + i * step }))
  switch (dim) {
    case 'queue': return queues.map((label, i) => ({ id: i + 1, label }))
    case 'operator': return people.map((label, i) => ({ id: i + 1, kind: 'person', label }))
    case 'to': return people.slice(2).map((label, i) => ({ id: i + 3, kind: 'person', label }))
    case 'pbx': return [{ id: 1, label: 'office' }, { id: 2, label: 'warehouse' }]
    case 'hour': return many(24, i => ({ id: i }))
    case 'weekday': return many(7, i => ({ id: i + 1 }))
    case 'day': return buckets(24 * hour)
    case 'interval': return buckets((query.interval || 30) * 60_000)
    case 'step': return [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 0].map(id => ({ id }))
    case 'disposition': return ['abandoned', 'timeout', 'join_empty', 'no_answer', 'busy'].map((label, i) => ({ id: i + 2, label }))
    case 'case':
    case 'number': return many(18, i => ({ id: i, kind: 'case', label: `7916${String(1_000_000 + Math.floor(dice(`n${i}`) * 8_999_999))}` }))
    case 'call': return many(60, i => ({ id: i }))
    default: return ['one', 'two', 'three'].map((label, i) => ({ id: i + 1, label }))
  }
}

function valueOf(measure, seed, query) {
  const share = dice(seed + measure.id)
  if (measure.unit === 'share') return 0.6 + share * 0.39
  if (measure.unit === 'ms') return Math.round(8000 + share ** 2 * 240_000)
  if (measure.unit === 'time') return query.from + Math.round(share * (Math.min(query.now, query.to) - query.from))
  if (measure.unit === 'ratio') return share * 4
  return Math.round(share ** 2 * 180)
}

const texts = { case_state: ['open', 'expired', 'called_back', 'called_again'], case_queue: queues, contact_who: people, direction: ['inbound', 'outbound', 'internal'], disposition: ['answered', 'abandoned'], in_queues: queues, with_operators: people, caller: ['79161234501', '74951112233'], dialled: ['74950000700'] }
const textOf = (measure, seed) => (measure.unit === 'text' ? (texts[measure.id] ?? ['–'])[Math.floor(dice(seed + measure.id) * (texts[measure.id]?.length ?? 1))] : '')

async function tableOf(query) {
  const { reports, measures } = await catalogue
  const definition = reports.find(one => one.id === query.report)
  const dims = query.by ?? definition.by
  const columns = query.columns.map(id => measures.find(one => one.id === id))
  const [first = [{}], second] = dims.map(dim => keysOf(dim, query))
  const pairs = dims.length === 0 ? [] : second ? first.flatMap(a => second.map(b => [a, b])) : first.map(a => [a])
  const chosen = query.filter.queues
  const kept = pairs.filter(keys => !chosen || dims[0] !== 'queue' || chosen.includes(keys[0].id))
  const seedOf = keys => keys.map(one => `${one.id}${one.label ?? ''}`).join('|') + JSON.stringify(query.policy ?? '')
  const rows = kept.map(keys => ({ keys, values: columns.map(one => (one.unit === 'text' ? null : valueOf(one, seedOf(keys), query))), texts: columns.map(one => textOf(one, seedOf(keys))) }))
  const totals = columns.map((one, i) => (one.unit === 'count' ? rows.reduce((sum, row) => sum + row.values[i], 0) || valueOf(one, 'total', query) : one.unit === 'text' || one.unit === 'time' ? null : valueOf(one, `total${JSON.stringify(query.policy ?? '')}`, query)))
  const before = query.before && { totals: totals.map(n => (n === null ? null : n * 0.92)), rows: rows.map(row => row.values.map(n => (n === null ? null : n * (0.8 + dice(String(n)) * 0.4)))) }
  const policy = query.policy ?? { queue: 0, from: 0, threshold: 20, short: 5, variant: 3, shorts: 0, target: 0.8, call_back: 3600 }
  return { report: query.report, dims, columns: columns.map(({ id, unit, better, drill }) => ({ id, unit, better, drill })), rows, found: rows.length, totals, before, policies: [policy], zones: [query.zone && query.zone !== 'queue' ? query.zone : 'Europe/Moscow'], wall: false, notes: ['estimated'] }
}

addEventListener('message', async ({ data }) => {
  if (data.ask === 'cancel') return
  if (data.ask === 'drill') return postMessage({ id: data.id, calls: Array.from({ length: 12 }, (_, i) => `0197b0de-0000-8000-8000-${(i * 3).toString(16).padStart(12, '0')}`) })
  postMessage({ id: data.id, made: { table: await tableOf(data.query), fetched: Date.now(), took: 4 } })
})
