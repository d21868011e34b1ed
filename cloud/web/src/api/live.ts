import { useEffect, useSyncExternalStore } from 'react'
import { changesURL } from './client.ts'

/*
 * The stream of call ids that changed. One connection for the whole portal, opened while somebody listens. What changed
 * is collected for a moment, so that a burst of events costs one question to the server.
 */

export interface LiveState {
  state: 'off' | 'connecting' | 'live' | 'away'
  /** Since when the stream is away, in ms. */
  since: number
}
/** ids is null where changes may have been missed: everything shown has to be asked for again. */
type Listener = (ids: string[] | null) => void

const gatherFor = 400
const retryFirst = 1_000
const retryMost = 30_000

class Changes {
  private source: EventSource | null = null
  private readonly listeners = new Set<Listener>()
  private readonly watchers = new Set<() => void>()
  private pending = new Set<string>()
  private gathering: ReturnType<typeof setTimeout> | null = null
  private retry: ReturnType<typeof setTimeout> | null = null
  private wait = retryFirst
  private missed = false
  /** The server said that more changed than it names. */
  private unnamed = false
  private now: LiveState = { state: 'off', since: 0 }

  listen(listener: Listener): () => void {
    this.listeners.add(listener)
    if (!this.source && !this.retry) this.open()
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size === 0) this.close()
    }
  }
  watch = (watcher: () => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }
  snapshot = () => this.now

  private open(): void {
    if (this.now.state === 'off') this.set({ state: 'connecting', since: Date.now() })
    const source = new EventSource(changesURL)
    this.source = source
    source.onopen = () => {
      this.wait = retryFirst
      this.set({ state: 'live', since: Date.now() })
      if (this.missed) this.tell(null)
      this.missed = false
    }
    source.onerror = () => this.lost()
    source.addEventListener('calls', event => this.gather(event.data))
  }
  /** The browser's own retry gives up for good on some errors, so every retry is ours. */
  private lost(): void {
    this.source?.close()
    this.source = null
    this.missed = true
    if (this.now.state !== 'away') this.set({ state: 'away', since: Date.now() })
    this.retry = setTimeout(() => {
      this.retry = null
      this.open()
    }, this.wait)
    this.wait = Math.min(this.wait * 2, retryMost)
  }
  private close(): void {
    this.source?.close()
    this.source = null
    if (this.retry) clearTimeout(this.retry)
    this.retry = null
    if (this.gathering) clearTimeout(this.gathering)
    this.gathering = null
    this.pending.clear()
    this.unnamed = false
    this.wait = retryFirst
    this.set({ state: 'off', since: Date.now() })
  }
  private gather(data: string): void {
    const named = readIds(data)
    for (const id of named) this.pending.add(id)
    if (named.length === 0) this.unnamed = true
    this.gathering ??= setTimeout(() => {
      this.gathering = null
      const ids = this.unnamed ? null : [...this.pending]
      this.pending = new Set()
      this.unnamed = false
      this.tell(ids)
    }, gatherFor)
  }
  private tell(ids: string[] | null): void {
    for (const listener of this.listeners) listener(ids)
  }
  private set(state: LiveState): void {
    this.now = state
    for (const watcher of this.watchers) watcher()
  }
}

/** The ids that a message names; none where the server says that they are too many, or says what is not understood. */
function readIds(data: string): string[] {
  try {
    const { ids } = JSON.parse(data) as { ids?: unknown }
    return Array.isArray(ids) ? ids.filter(id => typeof id === 'string') : []
  } catch {
    return []
  }
}

const changes = new Changes()

export const useLiveState = (): LiveState => useSyncExternalStore(changes.watch, changes.snapshot)

/** Calls back with the ids of calls that changed. The callback has to be stable (useCallback). */
export function useCallChanges(listener: Listener): void {
  useEffect(() => changes.listen(listener), [listener])
}
