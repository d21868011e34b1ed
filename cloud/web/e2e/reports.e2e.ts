import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faults } from './axe.ts'
import { logIn } from './browser.ts'
import { openInvented } from './invented.ts'
import { type Mock, people } from './mock/server.ts'

/* Reports before the invented portal: the pages are real, the figures are not. */

let mock: Mock
let page: Page
let close: (() => Promise<void>) | undefined

beforeAll(async () => {
  ;({ mock, page, close } = await openInvented(people.supervisor))
})
afterAll(async () => {
  await close?.()
})

const table = () => page.getByRole('table').first()
const address = () => new URL(page.url()).searchParams

test('the catalogue is searched by what reports tell, and axe objects to nothing', async () => {
  await page.getByRole('link', { name: 'Reports' }).click()
  await page.getByLabel('Find a report').fill('give up')
  await page.getByRole('link', { name: /Patience of lost callers/ }).waitFor()
  expect(await page.getByRole('link', { name: /^By queue/ }).count()).toBe(0)
  await page.getByLabel('Clear the text').click()
  await page.getByRole('link', { name: /^By queue/ }).waitFor()
  expect(await faults(page)).toEqual([])
})

test('a report has its figures, its formulas and its chart, and axe objects to nothing', async () => {
  await page.getByRole('link', { name: /^By queue/ }).click()
  await table().getByText('Sales').waitFor()
  await page.getByRole('img', { name: /Bars: Service level/ }).waitFor()
  await page.getByText(/answered within 20 s/).first().waitFor()
  expect(await faults(page)).toEqual([])
})

test('it is grouped, compared and sorted, and the address says so', async () => {
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.waitForURL(/compare=1/)
  await table().getByText('better').first().waitFor()
  await page.getByRole('button', { name: 'Offered' }).click()
  await page.waitForURL(/sort=-offered/)
  await page.goto(`${mock.url}/reports/queues?by=queue,hour&period=7d`)
  await table().getByText('00:00').first().waitFor()
  await page.getByRole('img', { name: /Heatmap/ }).waitFor()
})

test('arrows move from figure to figure, Enter lists the calls behind one, Escape closes them', async () => {
  await page.goto(`${mock.url}/reports/queues?period=7d`)
  await table().locator('[data-cell]').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('region', { name: 'Calls behind the figure' })
  await panel.getByText(/^12 calls$/).waitFor()
  await panel.getByRole('link').first().waitFor()
  expect(address().get('drill')).toBe(':1:Sales~answered')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.waitForURL(url => !url.search.includes('drill'))
})

test('the service level is tried otherwise, beside all five formulas', async () => {
  await page.goto(`${mock.url}/reports/service_level?period=7d`)
  await page.getByRole('list', { name: 'All five formulas' }).waitFor()
  await page.getByLabel('Threshold, s').fill('30')
  await page.waitForURL(/policy=30\.5\.3\.0/)
  await page.getByText('What if:').waitFor()
  expect(await faults(page)).toEqual([])
})

test('a view is kept, and opened from the catalogue', async () => {
  await page.goto(`${mock.url}/reports/days?period=30d&compare=1`)
  await page.getByRole('button', { name: 'Save as a view' }).click()
  await page.getByLabel('Name').fill('Month on month')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Reports' }).click()
  await page.getByRole('link', { name: /Month on month/ }).click()
  await page.waitForURL(/compare=1/)
  expect(address().get('period')).toBe('30d')
})

test('missed callers are listed with those to call back first', async () => {
  await page.getByRole('link', { name: 'Missed' }).click()
  await table().getByText('open').first().waitFor()
  expect(await faults(page)).toEqual([])
})

test('the day so far has its figures and says how old they are', async () => {
  await page.getByRole('link', { name: 'Now' }).click()
  await page.getByRole('list', { name: 'The day so far' }).waitFor()
  await page.getByText(/As of \d\d:\d\d:\d\d/).waitFor()
  expect(await faults(page)).toEqual([])
})

test('an operator sees none of it', async () => {
  await page.context().clearCookies()
  await logIn(page, mock.url, people.operator.login, people.operator.password)
  for (const path of ['/reports', '/reports/queues', '/missed', '/now']) {
    await page.goto(`${mock.url}${path}`)
    await page.getByText('This is not for your role').waitFor()
  }
})

test('on a phone, in the dark and in Russian axe objects to nothing', async () => {
  await page.context().clearCookies()
  await logIn(page, mock.url, people.administrator.login, people.administrator.password)
  await page.evaluate(() => fetch('/api/v1/session', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"language":"ru"}' }))
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['/now', '/reports', '/reports/queues?period=7d&compare=1', '/reports/weekdays?period=7d', '/missed?all=1']) {
    await page.goto(`${mock.url}${path}`)
    await page.getByRole('main').getByRole('list').or(page.getByRole('table')).first().waitFor()
    await page.waitForLoadState('networkidle')
    expect(await faults(page)).toEqual([])
    expect([path, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)]).toEqual([path, true])
  }
})
