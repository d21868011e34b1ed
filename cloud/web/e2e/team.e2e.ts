import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faults } from './axe.ts'
import { logIn } from './browser.ts'
import { openInvented } from './invented.ts'
import { type Mock, people } from './mock/server.ts'

/* The team's day. */

let mock: Mock
let page: Page
let close: (() => Promise<void>) | undefined

beforeAll(async () => {
  ;({ mock, page, close } = await openInvented(people.supervisor))
})
afterAll(async () => {
  await close?.()
})

const lane = (name: string) => page.getByRole('slider', { name })

test('a day has a lane per operator, and axe objects to nothing', async () => {
  await page.getByRole('link', { name: 'Team' }).click()
  await page.getByRole('button', { name: 'The day before' }).click()
  await page.waitForURL(/period=yesterday/)
  await lane('Anna Orlova').waitFor()
  expect(await page.getByRole('slider').count()).toBe(7)
  expect(await faults(page)).toEqual([])
})

test('a lane is read by keyboard from change to change, and the next one by an arrow down', async () => {
  await lane('Anna Orlova').focus()
  const heard = new Set<string>()
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('ArrowRight')
    heard.add((await lane('Anna Orlova').getAttribute('aria-valuetext')) ?? '')
  }
  await page.keyboard.press('End')
  heard.add((await lane('Anna Orlova').getAttribute('aria-valuetext')) ?? '')
  const told = [...heard].join('\n')
  for (const words of ['ringing, Sales since', 'busy, Sales since', 'wrap-up, Sales since', 'paused, Sales, lunch since', 'logged in: Sales', 'not logged in']) expect(told).toContain(words)
  await page.keyboard.press('ArrowDown')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Boris Weiss')
})

test('a lane is read by the pointer', async () => {
  const box = await lane('Clara Nguyen').boundingBox()
  if (!box) throw new Error('no lane')
  await page.mouse.move(box.x + box.width * 0.6, box.y + 16)
  await page.getByRole('paragraph').filter({ hasText: /Clara Nguyen.*logged in: Sales, Support/ }).waitFor()
})

test('of chosen queues only those who worked in them are shown', async () => {
  await page.getByRole('button', { name: 'All queues' }).click()
  await page.getByLabel(/^601/).click()
  await page.keyboard.press('Escape')
  await page.waitForURL(/queue=2/)
  await page.waitForFunction(() => document.querySelectorAll('[data-lane]').length === 4)
  await page.goto(`${mock.url}/team?period=yesterday&queue=3`)
  await page.getByText('Nobody worked in these queues').waitFor()
  expect(await faults(page)).toEqual([])
})

test('the table says the same in figures, with every state of whoever is chosen', async () => {
  await page.goto(`${mock.url}/team?period=yesterday`)
  await page.getByText('Table', { exact: true }).click()
  await page.waitForURL(/view=table/)
  await page.getByRole('button', { name: /Clara Nguyen/ }).click()
  const states = page.getByRole('region', { name: 'States of Clara Nguyen' })
  await states.getByText('lunch').first().waitFor()
  expect(await faults(page)).toEqual([])
})

test('an operator does not see it', async () => {
  await page.context().clearCookies()
  await logIn(page, mock.url, people.operator.login, people.operator.password)
  expect(await page.getByRole('link', { name: 'Team' }).count()).toBe(0)
  await page.goto(`${mock.url}/team`)
  await page.getByText('This is not for your role').waitFor()
})

test('on a phone, in the dark and in Russian axe objects to nothing', async () => {
  await page.context().clearCookies()
  await logIn(page, mock.url, people.administrator.login, people.administrator.password)
  await page.evaluate(() => fetch('/api/v1/session', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"language":"ru"}' }))
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  for (const view of ['', '&view=table&who=3']) {
    await page.goto(`${mock.url}/team?period=yesterday${view}`)
    await page.getByText('Clara Nguyen').first().waitFor()
    await page.waitForLoadState('networkidle')
    expect(await faults(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  }
})
