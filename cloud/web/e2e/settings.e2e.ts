import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from './axe.ts'
import { logIn } from './browser.ts'
import { openInvented } from './invented.ts'
import { type Mock, people } from './mock/server.ts'

/* What people decide about people, devices and numbers. */

let mock: Mock
let page: Page
let close: (() => Promise<void>) | undefined

beforeAll(async () => {
  ;({ mock, page, close } = await openInvented(people.administrator))
})
afterAll(async () => {
  await close?.()
})

const list = (name: string) => page.getByRole('list', { name })
const row = (text: string) => list('People').getByRole('listitem').filter({ hasText: text })

describe('people', () => {
  test('are the first of the settings, with what they work at now', async () => {
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.waitForURL(/\/settings\/people$/)
    await row('Anna Orlova').filter({ hasText: '101' }).waitFor()
    await row('Hugo Marin').filter({ hasText: 'no device now' }).waitFor()
    expect(await faults(page)).toEqual([])
  })

  test('are found by a device they had, which the address keeps', async () => {
    await page.getByLabel('Name, note or device').fill('108')
    await page.waitForURL(/find=108/)
    await page.waitForFunction(() => document.querySelectorAll('ul[aria-label=People] > li').length === 2)
    await page.getByLabel('Name, note or device').fill('nobody at all')
    await page.getByText('Nobody fits').waitFor()
    await page.getByLabel('Clear the text').click()
  })

  test('open beside the list by arrows and Enter, and close by Escape', async () => {
    await row('Anna Orlova').getByRole('link').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    const bindings = list('Devices of Anna Orlova, the latest first').getByRole('listitem')
    await bindings.first().waitFor()
    expect(await bindings.count()).toBe(3)
    expect(await bindings.first().innerText()).toContain('until further notice')
    expect(await faults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.waitForURL(/\/settings\/people$/)
  })

  test('are added and given a device, which says from whom it is taken', async () => {
    await page.getByRole('button', { name: 'Add a person' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Zoya Kim')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: 'Zoya Kim' }).waitFor()
    await page.getByRole('button', { name: 'Give a device' }).click()
    await page.getByRole('dialog').getByLabel('Device').fill('103')
    await page.getByRole('option', { name: /^103/ }).click()
    await page.getByText('Clara Nguyen has it now and loses it at that moment.').waitFor()
    await page.getByRole('dialog').getByLabel('From').fill('2026-11-01T09:00')
    await page.getByText('Calls at this device since 1 Nov, 09:00 show Zoya Kim. Results of that time follow at once').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Give it' }).click()
    await list('Devices of Zoya Kim, the latest first').getByText('103 Clara Nguyen').waitFor()
    await row('Clara Nguyen').filter({ hasText: 'no device now' }).waitFor()
  })

  test('get an end, and nobody can be removed who has a past', async () => {
    await page.getByRole('button', { name: /^Actions for 103/ }).click()
    await page.getByRole('menuitem', { name: 'Correct or end it' }).click()
    await page.getByRole('dialog').getByLabel('To').fill('2026-10-01T09:00')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').filter({ hasText: 'A binding ends after it begins.' }).waitFor()
    await page.getByRole('dialog').getByLabel('To').fill('2026-11-20T18:00')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('from 1 Nov, 09:00 to 20 Nov, 18:00').waitFor()
    await page.getByRole('button', { name: 'Remove the person' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: 'past calls show it' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
  })

  test('answer whose a device was at a moment', async () => {
    await page.getByText('Who had a device at a moment?').click()
    const asked = page.locator('details[open]')
    await asked.getByLabel('Device').fill('103')
    await page.getByRole('option', { name: /^103/ }).click()
    await asked.getByLabel('Moment').fill('2026-11-10T12:00')
    await asked.getByText('Zoya Kim, from 1 Nov, 09:00 to 20 Nov, 18:00.').waitFor()
    await asked.getByLabel('Moment').fill('2024-01-01T12:00')
    await asked.getByText('Nobody is named for that moment.').waitFor()
    expect(await faults(page)).toEqual([])
  })
})

describe('devices', () => {
  test('are told by what they are taken for', async () => {
    await page.getByRole('link', { name: 'Devices' }).click()
    await list('Endpoints').getByRole('button').first().waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByText(/^Not known \d/).click()
    await page.waitForURL(/class=unknown/)
    await list('Endpoints').getByRole('button', { name: /PJSIP\/lobby/ }).click()
    await page.getByText('Nothing that tells what it is.').waitFor()
    expect(await faults(page)).toEqual([])
  })

  test('are corrected, which says from when it holds and how the past is changed, and taken back', async () => {
    await page.getByLabel('Why').fill('the phone in the lobby')
    await page.getByLabel('Its number').fill('150')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/Saved\. Calls are judged so from \d\d:\d\d:\d\d on/).waitFor()
    await page.getByText('Change the past too').click()
    await page.getByText('callweave reassemble --tenant northwind --from DATE').waitFor()
    await page.getByText('Only corrected').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Take it back' }).click()
    await page.getByText('Nobody corrected it: what was seen decides.').waitFor()
  })
})

test('every task is a command too', async () => {
  await page.keyboard.press('Control+k')
  await page.getByLabel('Command or number').fill('settings numbers')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/settings\/numbers/)
})

describe('numbers', () => {
  test('are asked for, and the rule that said so is marked', async () => {
    await page.goto(`${mock.url}/settings/numbers`)
    await page.getByLabel('Number to be judged').fill('612')
    await page.keyboard.press('Enter')
    await page.getByText('Rule 1 of the station says so: _61X.').waitFor()
    await page.locator('li[data-hit]').filter({ hasText: '_61X' }).waitFor()
    expect(await faults(page)).toEqual([])
  })

  test('rules are put in another order by keyboard, and count when they are saved', async () => {
    const rules = list('Rules, the first that matches decides')
    const first = () => rules.getByRole('listitem').first().innerText()
    await page.getByRole('button', { name: 'Move _6XX up' }).press('Enter')
    expect(await first()).toContain('_6XX')
    await page.getByRole('button', { name: 'Move _6XX down' }).press('Alt+ArrowDown')
    expect(await first()).toContain('_61X')
    await page.getByRole('button', { name: 'Move _6XX up' }).press('Alt+ArrowUp')
    await page.getByText('Not saved yet.').waitFor()
    await page.getByLabel('Pattern').fill('six hundred')
    await page.getByRole('button', { name: 'Add a rule' }).click()
    await page.getByRole('button', { name: 'Save the rules' }).click()
    await page.getByRole('alert').filter({ hasText: 'is not a pattern' }).waitFor()
    await page.getByRole('button', { name: 'Remove the rule six hundred' }).click()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Save the rules' }).click()
    await page.getByText(/Saved\./).first().waitFor()
    await page.getByLabel('Number to be judged').fill('612')
    await page.keyboard.press('Enter')
    await page.getByText('Rule 1 of the station says so: _6XX.').waitFor()
  })

  test('single ones are corrected, and variables named', async () => {
    await page.getByRole('button', { name: 'Correct *45' }).click()
    await page.getByRole('dialog').getByLabel('Why').fill('log-in of the queue')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('log-in of the queue').waitFor()
    await page.getByLabel('Name of a variable').fill('X_CASE')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove X_CASE' }).waitFor()
    expect(await faults(page)).toEqual([])
  })
})

describe('trunks between PBXs', () => {
  const pair = (text: string) => page.getByRole('listitem').filter({ hasText: text })

  test('are proposed with their evidence, confirmed, rejected and taken back', async () => {
    await page.getByRole('link', { name: 'Trunks between PBXs' }).click()
    await pair('PJSIP/warehouse-2').getByText('41 calls for certain, 6 likely, 2 possible').waitFor()
    expect(await faults(page)).toEqual([])
    await pair('PJSIP/warehouse-2').getByRole('button', { name: 'Confirm' }).click()
    await page.getByText(/Saved\./).waitFor()
    await page.getByRole('region', { name: 'Confirmed' }).getByText('PJSIP/warehouse-2').waitFor()
    await pair('PJSIP/carrier').getByRole('button', { name: 'Reject' }).click()
    await page.getByRole('region', { name: 'Rejected' }).getByText('PJSIP/carrier').waitFor()
    await pair('PJSIP/carrier').getByRole('button', { name: 'Take back' }).click()
    await page.getByRole('region', { name: 'Proposed by what was seen' }).getByText('PJSIP/carrier').waitFor()
    expect(await faults(page)).toEqual([])
  })

  test('are added by hand', async () => {
    await page.getByRole('button', { name: 'Add a trunk' }).click()
    await page.getByRole('combobox', { name: 'Endpoint there' }).fill('PJSIP/kazan')
    await page.getByRole('combobox', { name: 'Its endpoint' }).fill('SIP/main')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('region', { name: 'Confirmed' }).getByText('PJSIP/kazan').waitFor()
    await page.getByText('no call was seen over it').waitFor()
  })
})

describe('imports', () => {
  test('say what came of each, which lines could not be read, and where the logs differ', async () => {
    await page.goto(`${mock.url}/settings/import`)
    await list('Imports, the latest first').getByRole('link', { name: /office.*Done/ }).click()
    await page.waitForURL(/run=/)
    await page.getByText('3 lines could not be read').click()
    await page.getByText('“x795385476” is no time.').waitFor()
    const talk = page.getByRole('row', { name: /Talk/ })
    expect(await talk.innerText()).toContain('queue_log ends with a transfer')
    expect(await talk.getByRole('link').getAttribute('href')).toMatch(/^\/calls\//)
    expect(await faults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await list('Imports, the latest first').getByRole('link', { name: /Failed/ }).click()
    await page.getByRole('alert').filter({ hasText: 'Its times are +3:00 off' }).waitFor()
  })

  test('begin with a look at files, and the page follows', async () => {
    await page.getByRole('button', { name: 'Import logs' }).click()
    expect(await page.getByRole('button', { name: 'Look' }).isDisabled()).toBe(true)
    await page.locator('input[type=file]').setInputFiles({ name: 'queue_log', mimeType: 'text/plain', buffer: Buffer.from('1795385476|1795385476.0|600|NONE|ENTERQUEUE||7916|1\n') })
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Look' }).click()
    await page.getByText('The files are being read. This page follows by itself.').waitFor()
  })
})

describe('changes', () => {
  test('tell who changed what, old and new, and go back page by page', async () => {
    await page.getByRole('link', { name: 'Changes' }).click()
    const entries = list('Changes, the latest first').locator(':scope > li')
    await entries.first().filter({ hasText: 'Trunk between PBXs decided' }).filter({ hasText: 'one trunk' }).filter({ hasText: 'admin@example.com' }).waitFor()
    expect(await entries.count()).toBe(50)
    await page.getByRole('button', { name: 'Show older ones' }).click()
    await page.waitForFunction(() => document.querySelectorAll('ol > li').length > 50)
    expect(await faults(page)).toEqual([])
    await page.getByRole('combobox', { name: 'Kind of changes' }).click()
    await page.getByRole('option', { name: 'Rules' }).click()
    await page.waitForURL(/kind=exten-rules/)
    await entries.first().filter({ hasText: 'Rules changed' }).filter({ hasText: 'Order' }).waitFor()
  })
})

describe('other roles', () => {
  const as = async (who: { login: string; password: string }) => {
    await page.context().clearCookies()
    await logIn(page, mock.url, who.login, who.password)
  }

  test('a supervisor reads the settings and changes none', async () => {
    await as(people.supervisor)
    await page.getByRole('link', { name: 'Settings' }).click()
    await row('Anna Orlova').getByRole('link').click()
    await list('Devices of Anna Orlova, the latest first').waitFor()
    expect(await page.getByRole('button', { name: /Add|Give|Remove|Change|Actions for [^n]/ }).count()).toBe(0)
    await page.goto(`${mock.url}/settings/devices?of=1&endpoint=PJSIP/gate`)
    await page.getByText('the intercom at the gate').waitFor()
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
    await page.goto(`${mock.url}/settings/numbers`)
    await page.getByRole('button', { name: 'Ask' }).waitFor()
    await list('Rules, the first that matches decides').waitFor()
    expect(await page.getByRole('button', { name: /Move|Remove|Add/ }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Changes' }).count()).toBe(0)
    expect(await faults(page)).toEqual([])
  })

  test('an operator has no settings', async () => {
    await as(people.operator)
    expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0)
    await page.goto(`${mock.url}/settings/people`)
    await page.getByText('This is not for your role').waitFor()
    expect(await faults(page)).toEqual([])
  })
})

describe('dark, Russian and a phone', () => {
  test('have nothing that axe objects to and nothing wider than the screen', async () => {
    await page.context().clearCookies()
    await logIn(page, mock.url, people.administrator.login, people.administrator.password)
    await page.evaluate(() => fetch('/api/v1/session', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"language":"ru"}' }))
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['people', 'people/1', 'devices', 'devices?of=1&endpoint=PJSIP/gate', 'numbers', 'trunks', 'import', 'import?run=00000000-0000-4000-8000-000000000001', 'changes']) {
      await page.goto(`${mock.url}/settings/${path}`)
      await page.getByRole('heading', { name: 'Настройки' }).waitFor()
      await page.waitForLoadState('networkidle')
      expect({ path, faults: await faults(page) }).toEqual({ path, faults: [] })
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
  })
})
