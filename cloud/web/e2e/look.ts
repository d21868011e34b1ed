import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { logIn, type Look, openBrowser } from './browser.ts'
import { idOf, kinds } from './mock/data.ts'
import { people, startMock } from './mock/server.ts'

/** Takes a picture of every screen in every dress, to be looked at: node e2e/run.mjs e2e/look.ts DIR [DRESS...] [@PART...] */
export async function main([dir = 'test-results/look', ...names]: string[]): Promise<void> {
  const only = names.filter(one => !one.startsWith('@'))
  const parts = names.filter(one => one.startsWith('@')).map(one => one.slice(1))
  mkdirSync(dir, { recursive: true })
  const dresses: [string, Look][] = [
    ['wide-light-en', { width: 1440, height: 900 }],
    ['wide-dark-ru', { width: 1440, height: 900, dark: true, language: 'ru' }],
    ['mid-light-ru', { width: 1280, height: 800, language: 'ru' }],
    ['phone-light-ru', { width: 390, height: 844, language: 'ru' }],
    ['phone-dark-en', { width: 390, height: 844, dark: true }],
  ]
  for (const [name, look] of dresses) {
    if (only.length > 0 && !only.some(one => name.includes(one))) continue
    const mock = await startMock()
    const { page, close } = await openBrowser(look)
    page.setDefaultTimeout(10_000)
    page.on('console', message => { if (message.type() === 'error') console.log(name, page.url(), message.text().slice(0, 300)) })
    page.on('pageerror', error => console.log(name, page.url(), error.message))
    const file = (path: string) => join(dir, `${name}-${path}.png`)
    if (parts.length === 0 || parts.includes('calls')) await screens(page, mock.url, look, file)
    if (parts.length === 0 || parts.includes('team')) await team(page, mock.url, look, file)
    if (parts.length === 0 || parts.includes('reports')) await reports(page, mock.url, look, file)
    if (parts.length === 0 || parts.includes('settings')) await settings(page, mock.url, look, file)
    await close()
    await mock.close()
  }
}

async function enter(page: Page, url: string, look: Look): Promise<void> {
  await page.context().clearCookies()
  await logIn(page, url, people.administrator.login, people.administrator.password)
  if (look.language === 'ru') await page.evaluate(() => fetch('/api/v1/session', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"language":"ru"}' }))
}

function camera(page: Page, url: string, file: (name: string) => string) {
  const shoot = async (name: string) => {
    await page.waitForLoadState('networkidle').catch(() => undefined)
    await page.waitForTimeout(250)
    await page.screenshot({ path: file(name) })
  }
  const go = async (path: string, name: string) => {
    await page.goto(url + path)
    await page.locator('main').waitFor()
    await shoot(name)
  }
  return { shoot, go }
}

async function team(page: Page, url: string, look: Look, file: (name: string) => string): Promise<void> {
  const { shoot, go } = camera(page, url, file)
  await enter(page, url, look)
  await go('/team?period=yesterday', '80-team')
  await page.locator('[data-lane]').nth(2).focus()
  for (let i = 0; i < 9; i++) await page.keyboard.press('ArrowRight')
  await shoot('81-readout')
  await go('/team', '82-today')
  await go('/team?period=yesterday&view=table&who=3', '83-table')
  await go('/team?period=yesterday&queue=3', '84-nobody')
}

async function reports(page: Page, url: string, look: Look, file: (name: string) => string): Promise<void> {
  const { go } = camera(page, url, file)
  await enter(page, url, look)
  await go('/now', '90-now')
  await go('/reports', '91-catalogue')
  await go('/reports/queues?period=7d&compare=1&drill=:1:Sales~answered', '92-queues')
  await go('/reports/days?period=30d&compare=1', '93-days')
  await go('/reports/weekdays?period=30d', '94-weekdays')
  await go('/reports/service_level?period=7d', '95-service-level')
  await go('/reports/lost_steps?period=7d', '96-lost-steps')
  await go('/reports/transfers?period=7d', '97-transfers')
  await go('/reports/availability?period=yesterday', '98-availability')
  await go('/reports/summary?period=7d&compare=1', '99-summary')
  await go('/missed', '9a-missed')
  await go('/missed?all=1', '9b-missed-all')
  await go('/reports/days?period=7d&by=day,queue', '9c-days-by-queue')
}

async function settings(page: Page, url: string, look: Look, file: (name: string) => string): Promise<void> {
  const { shoot, go } = camera(page, url, file)
  await enter(page, url, look)
  await go('/settings/people', '60-people')
  await go('/settings/people/1', '61-person')
  await page.locator('ol li button').first().click()
  await page.getByRole('menuitem').first().click()
  await shoot('62-binding')
  await go('/settings/people?find=nobody', '63-nobody')
  await go('/settings/devices', '64-devices')
  await go('/settings/devices?of=1&endpoint=PJSIP/gate', '65-endpoint')
  await page.locator('form button[type=submit]').click()
  await page.locator('details').last().locator('summary').click()
  await shoot('66-in-force')
  await go('/settings/numbers', '67-numbers')
  await page.locator('form input').first().fill('612')
  await page.locator('form button[type=submit]').first().click()
  await page.locator('ol li button').nth(1).click()
  await shoot('68-judged')
  await page.locator('#learned').evaluate(heading => heading.scrollIntoView())
  await shoot('69-learned')
  await go('/settings/trunks', '71-trunks')
  await go('/settings/schedules', '90-schedules')
  await go('/settings/mail', '91-mail')
  await page.getByRole('button').filter({ has: page.locator('svg') }).last().click()
  await shoot('72-add-trunk')
  await go('/settings/import?run=00000000-0000-4000-8000-000000000001', '73-import')
  await go('/settings/changes', '70-changes')
}

async function screens(page: Page, url: string, look: Look, file: (name: string) => string): Promise<void> {
  const { shoot, go } = camera(page, url, file)
  await page.goto(url)
  await page.locator('input[autocomplete=username]').waitFor()
  await shoot('00-login')
  await enter(page, url, look)
  await go('/calls', '01-journal')
  await go('/calls?period=7d', '02-week')
  await page.locator('header button[data-gaps]').click()
  await shoot('04-complete')
  await go('/calls?number=000000000', '03-nothing')
  for (const [name, kind] of Object.entries(kinds)) await go(`/calls/${idOf(kind)}`, `10-call-${name}`)
  await go(`/calls/${idOf(kinds.transferred)}?at=187200`, '20-moment')
  await go(`/calls/${idOf(kinds.endless)}?wide=1`, '21-endless-wide')
  await page.locator('button[aria-expanded=false]').first().click()
  await shoot('22-endless-unfolded')
  await go('/calls/nonsense', '23-call-missing')
  await go('/settings/pbxs', '30-pbxs')
  await go('/calls', '40-period')
  await page.locator('header button').first().click()
  await shoot('40-period')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await shoot('41-palette')
  await page.keyboard.press('Escape')
  await page.locator('nav button[aria-haspopup=menu]').click()
  await shoot('42-menu')
  await page.keyboard.press('Escape')
  await go('/settings/pbxs', '31-pbxs')
  await page.getByRole('button', { name: /Add a PBX|Добавить АТС|Добавить/ }).first().click()
  await page.locator('form input').first().fill('tver')
  await shoot('32-add')
  await page.locator('form button[type=submit]').click()
  await page.locator('code').first().waitFor()
  await shoot('33-command')
  await page.context().clearCookies()
  await logIn(page, url, people.vendor.login, people.vendor.password)
  if (look.language === 'ru') await page.evaluate(() => fetch('/api/v1/session', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"language":"ru"}' }))
  await go('/console', '50-console')
}
