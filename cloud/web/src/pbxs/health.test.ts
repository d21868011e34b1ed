import { describe, expect, test } from 'vitest'
import { agent, pbx } from '../../e2e/mock/pbxs.ts'
import { expiryOf, stateOf, worstFirst } from './health.ts'

const now = Date.parse('2026-11-23T12:00:00Z')

test('the state of a PBX is that of its agent', () => {
  expect(stateOf(pbx({ agent: null }))).toBe('waiting')
  expect(stateOf(pbx({ agent: agent({ connected: '2026-11-23T11:00:00Z' }) }))).toBe('connected')
  expect(stateOf(pbx({ agent: agent({ connected: null }) }))).toBe('away')
  expect(stateOf(pbx({ agent: agent({ revoked: '2026-11-23T11:00:00Z' }) }))).toBe('revoked')
})

describe('a certificate', () => {
  test.each([
    ['2026-12-23T12:00:00Z', 30, 'ok'],
    ['2026-11-29T12:00:00Z', 6, 'warn'],
    ['2026-11-23T13:00:00Z', 0, 'warn'],
    ['2026-11-23T11:59:59Z', 0, 'error'],
  ])('until %s has %d days and is %s', (not_after, days, severity) => expect(expiryOf(agent({ not_after }), now)).toEqual({ days, severity }))
})

test('what hurts most comes first', () => {
  const of = (severity: 'ok' | 'warn' | 'error') => ({ code: severity, severity, detail: '', hurts: '' })
  expect(worstFirst([of('ok'), of('error'), of('warn')]).map(f => f.severity)).toEqual(['error', 'warn', 'ok'])
})
