import type { Need, Progress } from './protocol.ts'
import { Refusal, type Wasm } from './wasm.ts'

/*
 * Facts on this side of the network. A chunk is a closed day's section of one revision and never changes, so what was
 * fetched once is kept; the manifest says which chunks a period is made of now. Days that go on come as the tail: first all
 * of them, then what changed.
 */

interface Chunk { day: string; section: string; url: string; bytes: number; open: boolean }
interface Plan { key: string; chunks: Chunk[]; tail: string; names: string; planned: number; fetched: number }

const atOnce = 6
/** Fetched bytes that are kept though the latest question did not need them. */
const mostKept = 96 << 20
/** Closed days change late and seldom; the tail is asked for more often. */
const replanAfter = 60_000

export class Facts {
  private readonly plans = new Map<string, Plan>()
  private readonly kept = new Map<string, Uint8Array>()
  /** By day and section: what the engine was given. */
  private readonly given = new Map<string, string>()
  private names = ''
  /** How far the engine was told of the days that go on, and for which plan. */
  private told = { key: '', cursor: '' }

  /** Gives the engine what a question needs. Resolves with the time (ms) from which the facts are. */
  async provide(wasm: Wasm, need: Need, progress: (now: Progress) => void, signal: AbortSignal): Promise<number> {
    try {
      return await this.tryProvide(wasm, need, progress, signal)
    } catch (problem) {
      // A day changed between its being named and its being fetched: it has another name now.
      if (!(problem instanceof Refusal) || problem.status !== 404) throw problem
      this.plans.clear()
      this.told.key = ''
      return this.tryProvide(wasm, need, progress, signal)
    }
  }

  private async tryProvide(wasm: Wasm, need: Need, progress: (now: Progress) => void, signal: AbortSignal): Promise<number> {
    const plan = await this.plan(need, signal)
    await this.fetchAll(plan.chunks, progress, signal)
    this.give(wasm, plan)
    if (plan.tail !== '' && (this.told.key !== plan.key || plan.fetched < need.since)) await this.follow(wasm, plan, signal)
    return plan.fetched
  }

  private async plan({ from, to, sections, zones, since }: Need, signal: AbortSignal): Promise<Plan> {
    const key = [from, to, sections.join(), zones.join()].join(' ')
    const known = this.plans.get(key)
    if (known && (known.fetched >= since || (known.tail !== '' && since - known.planned < replanAfter))) return known
    const period = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
    const planned = Date.now()
    const [manifest, names] = await Promise.all([
      get(`/api/v1/facts?${period}&sections=${sections.join()}`, signal).then(answer => answer.json() as Promise<{ chunks: Chunk[] | null }>),
      get(`/api/v1/facts/names?${period}${zones.length > 0 ? `&zones=${zones.map(encodeURIComponent).join()}` : ''}`, signal).then(answer => answer.text()),
    ])
    const all = manifest.chunks ?? []
    const plan = { key, chunks: all.filter(one => !one.open), tail: all.find(one => one.open)?.url ?? '', names, planned, fetched: planned }
    this.plans.set(key, plan)
    if (this.told.key === key) this.told.key = ''
    if (this.plans.size > 20) this.plans.delete(this.plans.keys().next().value ?? '')
    return plan
  }

  /** Tells the engine what changed of the days that go on since it was told last; of another period all of them. */
  private async follow(wasm: Wasm, plan: Plan, signal: AbortSignal): Promise<void> {
    const url = this.told.key === plan.key && this.told.cursor !== '' ? `/api/v1/facts/tail?since=${encodeURIComponent(this.told.cursor)}` : plan.tail
    const fetched = Date.now()
    const answer = await get(url, signal)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    if (bytes.length > 0) refuse(wasm.add(bytes))
    this.told = { key: plan.key, cursor: answer.headers.get('Facts-Cursor') ?? '' }
    plan.fetched = fetched
  }

  private async fetchAll(chunks: Chunk[], progress: (now: Progress) => void, signal: AbortSignal): Promise<void> {
    const missing = chunks.filter(one => !this.kept.has(one.url))
    const now = { loaded: 0, total: missing.reduce((sum, one) => sum + one.bytes, 0) }
    if (missing.length > 0) progress({ ...now })
    let next = 0
    const line = async () => {
      for (let one = missing[next++]; one; one = missing[next++]) {
        // oxlint-disable-next-line no-await-in-loop -- a few at a time
        this.kept.set(one.url, new Uint8Array(await (await get(one.url, signal)).arrayBuffer()))
        now.loaded += one.bytes
        progress({ ...now })
      }
    }
    await Promise.all(Array.from({ length: atOnce }, line))
    const needed = new Set(chunks.map(one => one.url))
    let size = 0
    for (const bytes of this.kept.values()) size += bytes.length
    for (const [url, bytes] of this.kept) {
      if (size <= mostKept) break
      if (needed.has(url)) continue
      this.kept.delete(url)
      size -= bytes.length
    }
  }

  /** Of one day the engine takes sections of one revision only, so a day that changed means to begin again. */
  private give(wasm: Wasm, { chunks, names }: Plan): void {
    const place = (one: Chunk) => `${one.day} ${one.section}`
    const changed = chunks.some(one => (this.given.get(place(one)) ?? one.url) !== one.url)
    if (changed || this.given.size > 3 * chunks.length + 30) {
      wasm.clear()
      this.given.clear()
      this.told.key = ''
    }
    for (const one of chunks) {
      const bytes = this.kept.get(one.url)
      if (!bytes || this.given.has(place(one))) continue
      refuse(wasm.add(bytes))
      this.given.set(place(one), one.url)
    }
    if (names === this.names) return
    refuse(wasm.setNames(names))
    this.names = names
  }
}

function refuse(said: string): void {
  if (said === '') return
  const { error } = JSON.parse(said) as { error?: string }
  throw new Refusal(500, 'facts', error ?? '')
}

async function get(url: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(url, { credentials: 'same-origin', signal })
  if (answer.ok) return answer
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string }
  throw new Refusal(answer.status, problem.code ?? '', problem.detail ?? '')
}
