import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from './axe.ts'
import { logIn, openBrowser } from './browser.ts'
import { openPortal, type Portal } from './portal.ts'

/* What everybody does every day. Runs against a real cloud too, so it presumes nothing about its calls but that there are some. */

let portal: Portal
let page: Page
let context: BrowserContext
let closeBrowser: () => Promise<void>
const errors: string[] = []

beforeAll(async () => {
  portal = await openPortal()
  const browser = await openBrowser({ width: 1280, height: 800 })
  ;({ page, context } = browser)
  closeBrowser = browser.close
  page.setDefaultTimeout(15_000)
  page.on('pageerror', error => errors.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error' && /Content Security Policy|Minified React/.test(message.text())) errors.push(message.text())
  })
})
afterAll(async () => {
  await closeBrowser?.()
  await portal?.close()
})

const rows = () => page.getByRole('grid', { name: 'Calls' }).getByRole('row').filter({ has: page.locator('[aria-label="Inbound"], [aria-label="Outbound"], [aria-label="Internal"], [aria-label="Direction not known"]') })
const address = () => new URL(page.url())
const settled = () => page.waitForLoadState('networkidle').catch(() => undefined)

describe('logging in', () => {
  test('a wrong password is told in words and the login stays', async () => {
    await page.goto(portal.url)
    await page.getByLabel('Login').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByLabel('Login').fill(portal.administrator.login)
    await page.getByLabel('Password', { exact: true }).fill('not it')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').filter({ hasText: /wrong/ }).waitFor()
    expect(await page.getByLabel('Login').inputValue()).toBe(portal.administrator.login)
  })

  test('the right one leads to the calls, and the address one came with is kept', async () => {
    await page.goto(`${portal.url}/calls?period=30d`)
    await page.getByLabel('Login').fill(portal.administrator.login)
    await page.getByLabel('Password', { exact: true }).fill(portal.administrator.password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Calls' }).waitFor()
    await rows().first().waitFor()
    expect(address().search).toBe('?period=30d')
  })
})

describe('the journal', () => {
  test('has nothing that axe objects to', async () => {
    await settled()
    expect(await faults(page)).toEqual([])
  })

  test('loads more calls as one scrolls, and draws only those one sees', async () => {
    const grid = page.getByRole('grid', { name: 'Calls' })
    const count = Number(((await page.getByText(/^[\d,]+\+? calls?$/).textContent()) ?? '').replace(/\D/g, ''))
    const height = async () => {
      await grid.press('End')
      return grid.evaluate(box => box.scrollHeight)
    }
    await expect.poll(height, { timeout: 15_000 }).toBeGreaterThan(count > 150 ? 150 * 30 : 0)
    expect(await rows().count()).toBeLessThan(120)
    await grid.press('Home')
  })

  test('a filter is part of the address and is kept by a reload', async () => {
    await page.getByRole('combobox', { name: 'Result' }).click()
    await page.getByRole('option', { name: 'Answered' }).click()
    await page.waitForURL(/result=answered/)
    await page.reload()
    await rows().first().waitFor()
    expect(await page.getByRole('combobox', { name: 'Result' }).inputValue()).toBe('Answered')
    const words = await rows().evaluateAll(all => all.slice(0, 20).map(row => row.textContent ?? ''))
    expect(words.every(text => text.includes('Answered') || text.includes('In progress'))).toBe(true)
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.waitForURL(url => !url.search.includes('result'))
  })

  test('finds calls by a part of the number, and says what to do where there are none', async () => {
    await rows().first().waitFor()
    await page.getByLabel('Number, or part of it').fill('0123456789')
    await page.getByText('No call fits these filters').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByLabel('Clear the number').click()
    await rows().first().waitFor()
  })

  test('the period is chosen in one place for all pages', async () => {
    await page.getByRole('button', { name: /30 days/ }).click()
    await page.getByRole('button', { name: '7 days' }).click()
    await page.waitForURL(/period=7d/)
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
    await page.getByRole('link', { name: 'Calls' }).click()
    expect(address().searchParams.get('period')).toBe('7d')
    await page.goto(`${portal.url}/calls?period=30d`)
    await rows().first().waitFor()
  })
})

describe('a call', () => {
  test('opens beside the list by keyboard, the next one by an arrow', async () => {
    const grid = page.getByRole('grid', { name: 'Calls' })
    await grid.focus()
    await grid.press('ArrowDown')
    await grid.press('Enter')
    await page.getByRole('region', { name: 'Timeline' }).waitFor()
    const first = address().pathname
    await grid.focus()
    await grid.press('ArrowDown')
    await page.waitForURL(url => url.pathname !== first)
    await page.getByRole('region', { name: 'Timeline' }).waitFor()
    expect(await rows().count()).toBeGreaterThan(0)
  })

  test('has nothing that axe objects to', async () => {
    await page.getByRole('table', { name: 'Raw events' }).or(page.getByText('No raw events are kept')).first().waitFor()
    await settled()
    expect(await faults(page)).toEqual([])
  })

  test('the timeline reads out the moment under the pointer, and by keyboard', async () => {
    const surface = page.getByRole('slider', { name: 'Moment of the call' })
    const box = await surface.boundingBox()
    if (!box) throw new Error('the timeline is not drawn')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.getByText(/^\d\d:\d\d:\d\d\.\d$/).waitFor()
    await page.mouse.move(0, 0)
    await surface.focus()
    await surface.press('Home')
    await surface.press('ArrowRight')
    expect(await surface.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d:\d\d\.\d, ./)
  })

  test('a click on the timeline marks the raw events of that moment', async () => {
    const surface = page.getByRole('slider', { name: 'Moment of the call' })
    const box = await surface.boundingBox()
    if (!box) throw new Error('the timeline is not drawn')
    await page.mouse.click(box.x + box.width * 0.3, box.y + 40)
    await page.waitForURL(/at=\d+/)
    await page.getByRole('button', { name: /Forget the moment/ }).click()
    await page.waitForURL(url => !url.search.includes('at='))
  })

  test('raw events are found by text and show all their fields', async () => {
    const table = page.getByRole('table', { name: 'Raw events' })
    if ((await table.count()) === 0) return // the plan keeps no events of calls this old
    await page.getByLabel('Text in the events').fill('hangup')
    const line = table.getByRole('button', { name: 'Hangup', exact: true }).first()
    await line.click()
    await page.getByText('Cause', { exact: true }).first().waitFor()
    expect(await line.getAttribute('aria-expanded')).toBe('true')
    await page.getByLabel('Clear the text').click()
  })

  test('Escape closes it', async () => {
    await page.getByRole('grid', { name: 'Calls' }).focus()
    await page.keyboard.press('Escape')
    await page.waitForURL(url => url.pathname === '/calls')
  })
})

describe('the PBXs', () => {
  test('are shown with their state, and axe objects to nothing', async () => {
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('link', { name: 'PBXs', exact: true }).click()
    await page.getByRole('article').first().waitFor()
    await page.getByText(/Connected since|Away|Waiting for its agent|Revoked/).first().waitFor()
    expect(await faults(page)).toEqual([])
  })
})

describe('taste', () => {
  test('the language changes at once, is remembered by the account, and Russian is whole', async () => {
    await page.getByRole('button', { name: /^Account/ }).click()
    await page.getByRole('menuitem', { name: 'Русский' }).click()
    await page.getByRole('link', { name: 'Звонки' }).click()
    await page.getByRole('heading', { name: 'Звонки' }).waitFor()
    await page.reload()
    await page.getByRole('columnheader', { name: 'Куда звонили' }).waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('ru')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: /^Учётная запись/ }).click()
    await page.getByRole('menuitem', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Calls' }).waitFor()
  })

  test('dark is chosen by the palette, passes axe too and survives a reload', async () => {
    await page.keyboard.press('Control+k')
    await page.getByLabel('Command or number').fill('dark')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark')
    await page.reload()
    await rows().first().waitFor()
    expect(await page.getAttribute('html', 'data-mantine-color-scheme')).toBe('dark')
    await settled()
    expect(await faults(page)).toEqual([])
    await rows().first().click()
    await page.getByRole('region', { name: 'Timeline' }).waitFor()
    await settled()
    expect(await faults(page)).toEqual([])
    await page.goto(`${portal.url}/pbxs`)
    await page.getByRole('article').first().waitFor()
    expect(await faults(page)).toEqual([])
  })
})

describe('a phone', () => {
  test('shows the journal as cards, a call in front of it, and nothing wider than itself', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${portal.url}/calls?period=30d`)
    await rows().first().waitFor()
    const narrow = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
    expect(await narrow()).toBe(true)
    expect(await page.getByRole('columnheader').count()).toBe(0)
    expect(await faults(page)).toEqual([])
    await rows().first().click()
    await page.getByRole('region', { name: 'Timeline' }).waitFor()
    await settled()
    expect(await page.getByRole('grid', { name: 'Calls' }).isVisible()).toBe(false)
    expect(await narrow()).toBe(true)
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Back to the list' }).click()
    await rows().first().waitFor()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('link', { name: 'PBXs', exact: true }).click()
    await page.getByRole('article').first().waitFor()
    expect(await narrow()).toBe(true)
    await page.setViewportSize({ width: 1280, height: 800 })
  })
})

describe('leaving', () => {
  test('logs out, and the way back does not lead in again', async () => {
    await page.getByRole('button', { name: /^Account/ }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await page.getByLabel('Login').waitFor()
    await page.goto(`${portal.url}/pbxs`)
    await page.getByLabel('Login').waitFor()
  })

  test('the vendor has a console of his own', async () => {
    if (!portal.vendor) return
    await context.clearCookies()
    await logIn(page, portal.url, portal.vendor.login, portal.vendor.password)
    await page.waitForURL(/\/console$/)
    await page.getByRole('table').first().waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'State' }).first().click()
    await page.goto(`${portal.url}/calls`)
    await page.waitForURL(/\/console$/)
  })

  test('no page broke the content policy or threw', () => expect(errors).toEqual([]))
})
