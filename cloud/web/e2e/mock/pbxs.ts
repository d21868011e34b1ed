import type { Agent, PBX } from '../../src/api/types.ts'

/** An agent with nothing wrong about it. */
export function agent(more: Partial<Agent> = {}): Agent {
  return {
    id: '0197b000-0000-7000-8000-000000000001', version: '0.1.0', transport: 'quic', address: '203.0.113.17:51812', connected: '2026-11-21T06:12:44Z', last_seen: '2026-11-23T12:00:00Z',
    lag_ms: 84, events_per_s: 12.4, not_after: '2026-12-19T06:12:00Z', revoked: null, counters: {}, findings: [],
    ...more,
  }
}

export function pbx(more: Partial<PBX> = {}): PBX {
  return { id: 1, name: 'office', station: 'office', asterisk: 'Asterisk 22.5.2', agent: agent(), gaps: [], ...more }
}
