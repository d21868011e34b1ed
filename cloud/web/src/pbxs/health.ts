import type { Agent, PBX } from '../api/types.ts'

export type State = 'connected' | 'away' | 'waiting' | 'revoked'

/** What one sees of a PBX first. */
export function stateOf({ agent }: PBX): State {
  if (!agent) return 'waiting'
  if (agent.revoked) return 'revoked'
  return agent.connected ? 'connected' : 'away'
}

const day = 86_400_000

export type Expiry = { days: number; severity: 'ok' | 'warn' | 'error' }

/** The agent renews its certificate by itself long before; where it is close to the end, renewal does not work. */
export function expiryOf(agent: Agent, now: number): Expiry {
  const left = Date.parse(agent.not_after) - now
  const days = Math.max(0, Math.floor(left / day))
  return { days, severity: left <= 0 ? 'error' : days < 7 ? 'warn' : 'ok' }
}

/** Events later than this are seen by eye: live screens lag behind. In ms. */
export const lateFrom = 5_000

const weight: Record<string, number> = { error: 0, warn: 1, ok: 2 }

/** What hurts most comes first. */
export function worstFirst(findings: Agent['findings']): Agent['findings'] {
  return [...findings].sort((a, b) => (weight[a.severity] ?? 3) - (weight[b.severity] ?? 3))
}
