import { Problem } from '../../api/client.ts'
import type { Key, Query } from '../contract.ts'
import type { Answered, Asked, Made, Need, Progress } from './protocol.ts'

/*
 * The engine is one worker for the whole portal: facts and the compiled engine stay in it from one report to the next.
 */

interface Waiting { done(answer: Made | string[]): void; failed(problem: Error): void; progress(now: Progress): void }
type Unnumbered = Asked extends infer One ? (One extends Asked ? Omit<One, 'id'> : never) : never

class Engine {
  private worker: Worker | null = null
  private readonly waiting = new Map<number, Waiting>()
  private last = 0

  table(need: Need, query: Query, signal: AbortSignal, progress: (now: Progress) => void): Promise<Made> {
    return this.ask({ ask: 'table', need, query }, signal, progress) as Promise<Made>
  }

  /** The ids of the calls behind a figure, in their order. */
  drill(need: Need, query: Query, keys: Key[] | null, column: string, signal: AbortSignal, progress: (now: Progress) => void): Promise<string[]> {
    return this.ask({ ask: 'drill', need, query, keys, column }, signal, progress) as Promise<string[]>
  }

  private ask(question: Unnumbered, signal: AbortSignal, progress: (now: Progress) => void): Promise<Made | string[]> {
    const worker = (this.worker ??= this.start())
    const id = ++this.last
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed, progress })
      signal.addEventListener('abort', () => {
        if (!this.waiting.delete(id)) return
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
        worker.postMessage({ id, ask: 'cancel' } satisfies Asked)
        failed(new DOMException('cancelled', 'AbortError'))
      })
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
      worker.postMessage({ ...question, id })
    })
  }

  private start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<Answered>) => this.heard(data)
    // A worker that cannot start, or whose engine ran out of memory, answers nobody any more: the next question starts another.
    worker.onerror = () => {
      this.worker = null
      worker.terminate()
      for (const [, one] of this.waiting) one.failed(new Problem(500, 'engine', ''))
      this.waiting.clear()
    }
    return worker
  }

  private heard(answer: Answered): void {
    const waiting = this.waiting.get(answer.id)
    if (!waiting) return
    if ('progress' in answer) return waiting.progress(answer.progress)
    this.waiting.delete(answer.id)
    if ('trouble' in answer) waiting.failed(new Problem(answer.trouble.status, answer.trouble.code, answer.trouble.detail))
    else waiting.done('made' in answer ? answer.made : answer.calls)
  }
}

export const engine = new Engine()
