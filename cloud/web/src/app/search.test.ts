import { describe, expect, test } from 'vitest'
import { parseSearch, readJournal, readScope, readSettings, readTeam, scopeOfDay, spanOf, writeSearch } from './search.ts'

const scope = (search: string) => readScope(parseSearch(search))

describe('the address of a page', () => {
  test.each([
    ['', {}],
    ['?period=7d&queue=3,5', { period: '7d', queue: [3, 5] }],
    ['?from=2026-11-09&to=2026-11-02', { period: 'custom', from: '2026-11-02', to: '2026-11-09' }],
    ['?from=2026-11-09', {}],
    ['?period=century&queue=x,-1,2.5&from=2026-99-99&to=2026-11-02', {}],
  ])('%s is read as %j', (search, want) => expect(scope(search)).toEqual(want))

  test.each(['?period=7d&queue=3,5', '?from=2026-11-02&to=2026-11-09', ''])('%s is written as it was read', search => {
    expect(writeSearch({ ...scope(search) })).toBe(search)
  })

  test('keeps a number with a leading zero as text', () => {
    expect(readJournal(parseSearch('?number=00495'))).toEqual({ number: '00495' })
    expect(readJournal(parseSearch('?person=3&attribute=CRM_ID%3A17'))).toEqual({ person: 3, attribute: 'CRM_ID:17' })
    expect(readJournal(parseSearch('?result=abandoned&direction=sideways&wide=1&at=4200'))).toEqual({ result: 'abandoned', wide: true, at: 4200 })
  })
})

describe('the address of settings', () => {
  test('names what is open and how the list is cut', () => {
    expect(readSettings(parseSearch('?find=anna&station=2&of=1&endpoint=PJSIP%2F101&class=trunk&corrected=1&kind=binding'))).toEqual({ find: 'anna', station: 2, of: 1, endpoint: 'PJSIP/101', class: 'trunk', corrected: true, kind: 'binding' })
    expect(readSettings(parseSearch('?station=x&class=gate'))).toEqual({})
    expect(writeSearch(readSettings(parseSearch('?endpoint=PJSIP%2F101&of=1')) as Record<string, unknown>)).toBe('?of=1&endpoint=PJSIP%2F101')
  })
})

describe('a single day', () => {
  test.each([['2026-11-23', undefined], ['2026-11-22', 'yesterday'], ['2026-11-20', 'custom']])('%s is the period %s', (day, period) => {
    expect(scopeOfDay(day, '2026-11-23').period).toBe(period)
    expect(spanOf(scopeOfDay(day, '2026-11-23'), '2026-11-23', 'UTC')).toMatchObject({ first: day, last: day })
  })

  test('of the team is a picture or a table', () => expect([readTeam(parseSearch('?view=table&who=3')), readTeam(parseSearch('?view=pie'))]).toEqual([{ view: 'table', who: 3 }, {}]))
})

describe('a period', () => {
  test.each([
    [{}, '2026-11-23', '2026-11-23'],
    [{ period: 'yesterday' }, '2026-11-22', '2026-11-22'],
    [{ period: '7d' }, '2026-11-17', '2026-11-23'],
    [{ period: '30d' }, '2026-10-25', '2026-11-23'],
    [{ period: 'custom', from: '2026-11-01', to: '2026-11-02' }, '2026-11-01', '2026-11-02'],
  ] as const)('%j covers %s to %s', (given, first, last) => expect(spanOf(given, '2026-11-23', 'UTC')).toMatchObject({ first, last }))

  test('covers whole days of the zone, one of them an hour long more', () => {
    const span = spanOf({ period: 'custom', from: '2026-10-25', to: '2026-10-25' }, '2026-11-23', 'Europe/Berlin')
    expect([span.from, span.to]).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'])
  })
})
