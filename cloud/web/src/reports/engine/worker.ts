import './wasm_exec.js'
import wasmURL from './report.wasm?url'
import { Facts } from './facts.ts'
import type { Answered, Asked, Trouble } from './protocol.ts'
import type { Table } from '../contract.ts'
import { Refusal, type Wasm } from './wasm.ts'

/* The engine's worker: fetches facts, hands them to the engine (cloud/report/wasm) and answers one question after the other. */

declare class Go {
  importObject: WebAssembly.Imports
  run(instance: WebAssembly.Instance): Promise<void>
}

async function start(): Promise<Wasm> {
  const go = new Go()
  const fetched = await fetch(wasmURL)
  if (!fetched.ok) throw new Refusal(fetched.status, 'engine', '')
  const { instance } = await WebAssembly.instantiate(await fetched.arrayBuffer(), go.importObject)
  void go.run(instance)
  return (globalThis as unknown as { callweaveReports: Wasm }).callweaveReports
}

let started: Promise<Wasm> | null = null
const facts = new Facts()
const going = new Map<number, AbortController>()
let turn: Promise<void> = Promise.resolve()

const say = (answer: Answered) => postMessage(answer)

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  if (data.ask === 'cancel') return going.get(data.id)?.abort()
  const stop = new AbortController()
  going.set(data.id, stop)
  turn = turn.then(() => answer(data, stop.signal)).finally(() => going.delete(data.id))
})

async function answer(asked: Exclude<Asked, { ask: 'cancel' }>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  try {
    started ??= start()
    started.catch(() => (started = null))
    const wasm = await started
    const fetched = await facts.provide(wasm, asked.need, progress => say({ id: asked.id, progress }), signal)
    if (signal.aborted) return
    const began = performance.now()
    if (asked.ask === 'table') {
      const table = read<Table>(wasm.table(JSON.stringify(asked.query)))
      say({ id: asked.id, made: { table, fetched, took: performance.now() - began } })
    } else {
      say({ id: asked.id, calls: read<string[]>(wasm.drill(JSON.stringify({ query: asked.query, keys: asked.keys, column: asked.column }))) })
    }
  } catch (problem) {
    if (!signal.aborted) say({ id: asked.id, trouble: troubleOf(problem) })
  }
}

/** An answer of the engine, or what it says is wrong with the question. */
function read<T>(json: string): T {
  const answer = JSON.parse(json) as T & { error?: string }
  if (answer.error !== undefined && !Array.isArray(answer)) throw new Refusal(422, 'query', answer.error)
  return answer
}

function troubleOf(problem: unknown): Trouble {
  if (problem instanceof Refusal) return { status: problem.status, code: problem.code, detail: problem.message }
  if (problem instanceof TypeError) return { status: 0, code: 'offline', detail: '' } // what fetch throws without a network
  return { status: 500, code: 'engine', detail: problem instanceof Error ? problem.message : '' }
}
