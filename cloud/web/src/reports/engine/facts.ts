import type { Need, Progress } from './protocol.ts'
import { Refusal, type Wasm } from './wasm.ts'

/*
 * Facts on this side of the network. A chunk is a day's section of one revision and never changes, so what was fetched once
 * is kept; the manifest says which chunks a period is made of now.
 */

interface Chunk { day: string; section: string; url: string; bytes: number; open: boolean }
interface Plan { chunks: Chunk[]; names: string; fetched: number }

const atOnce = 6
/** Fetched bytes that are kept though the latest question did not need them. */
const mostKept = 96 << 20

export class Facts {
  private readonly plans = new Map<string, Plan>()
  private readonly kept = new Map<string, Uint8Array>()
  /** By day and section: what the engine was given. */
  private readonly given = new Map<string, string>()
  private names = ''

  /** Gives the engine what a question needs. Resolves with the time (ms) from which the facts are. */
  async provide(wasm: Wasm, need: Need, progress: (now: Progress) => void, signal: AbortSignal): Promise<number> {
    const plan = await this.plan(need, signal)
    await this.fetchAll(plan.chunks, progress, signal)
    this.give(wasm, plan)
    return plan.fetched
  }

  private async plan({ from, to, sections, zones, since }: Need, signal: AbortSignal): Promise<Plan> {
    const key = [from, to, sections.join(), zones.join()].join(' ')
    const known = this.plans.get(key)
    if (known && known.fetched >= since) return known
    const period = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
    const fetched = Date.now()
    const [manifest, names] = await Promise.all([
      get(`/api/v1/facts?${period}&sections=${sections.join()}`, signal).then(answer => answer.json() as Promise<{ chunks: Chunk[] | null }>),
      get(`/api/v1/facts/names?${period}${zones.length > 0 ? `&zones=${zones.map(encodeURIComponent).join()}` : ''}`, signal).then(answer => answer.text()),
    ])
    const plan = { chunks: manifest.chunks ?? [], names, fetched }
    this.plans.set(key, plan)
    if (this.plans.size > 20) this.plans.delete(this.plans.keys().next().value ?? '')
    return plan
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
    if (changed || this.given.size > 3 * chunks.length) {
      wasm.clear()
      this.given.clear()
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
