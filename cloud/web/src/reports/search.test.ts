import { describe, expect, test } from 'vitest'
import { parseSearch, writeSearch } from '../app/search.ts'
import { filterOf, readPolicy, readReport } from './search.ts'

describe('the address of a report', () => {
  test.each(['?by=queue,hour&compare=1&cols=offered,asa&sort=-asa', '?zone=Asia/Vladivostok&count=end&interval=15&policy=30.5.1.0', '?hours=open&weekdays=1,2&dids=84950000700'])('%s is written as it was read', search => {
    expect(decodeURIComponent(writeSearch(readReport(parseSearch(search)) as Record<string, unknown>)).split(/[?&]/).toSorted()).toEqual(search.split(/[?&]/).toSorted())
  })

  test('leaves out what makes no sense', () => {
    expect(readReport(parseSearch('?by=queue,hour,day&interval=7&count=moon&weekdays=0,9&policy=a.b&sort=%3Cb%3E&days=99'))).toEqual({ by: ['queue', 'hour'] })
  })

  test('of a policy says all four of its parts', () => {
    expect(readPolicy('20.5.3.1')).toMatchObject({ threshold: 20, short: 5, variant: 3, shorts: 1 })
    expect(readPolicy('20.5.6.1')).toBeUndefined()
  })

  test('limits what takes part', () => expect(filterOf({ people: [3], hours: 'open' }, [1])).toMatchObject({ queues: [1], people: [3], hours: 'open' }))
})
