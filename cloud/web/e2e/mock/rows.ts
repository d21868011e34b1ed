import type { CallRow } from '../../src/api/types.ts'

/** A row of the journal with nothing special about it. */
export function row(id: string, start: string, more: Partial<CallRow> = {}): CallRow {
  return {
    id, start, answered: start, end: start, open: false, partial: false, direction: 'inbound', disposition: 'answered', hangup_by: 'caller',
    caller: '79161234501', caller_name: '', dialled: '74950000700', pbxs: [1], queues: [1], operators: [1], people: [], imported: [], tags: [], wait_ms: 8000, talk_ms: 80_000, hold_ms: 0, rings: 1, transfers: 0,
    ...more,
  }
}
