import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from './axe.ts'
import { logIn } from './browser.ts'
import { openInvented } from './invented.ts'
import { idOf, kinds } from './mock/data.ts'
import { type Mock, people } from './mock/server.ts'

/* What only an invented API can be made to do on demand: calls that come just now, a server that breaks, other roles. */

let mock: Mock
let page: Page
let close: (() => Promise<void>) | undefined

beforeAll(async () => {
  ;({ mock, page, close } = await openInvented(people.administrator))
})
afterAll(async () => {
  await close?.()
})

const grid = () => page.getByRole('grid', { name: 'Calls' })
const topmost = () => grid().locator('[role=row][id]').first()

test('calls are found by the person who was at the device, and the person is named, not the device', async () => {
  await page.goto(`${mock.url}/calls?period=30d`)
  await page.getByRole('combobox', { name: 'Person' }).click()
  await page.getByRole('option', { name: 'Igor Belov' }).click()
  await page.waitForURL(/person=9/)
  await topmost().filter({ hasText: 'Igor Belov' }).waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.waitForURL(url => !url.search.includes('person'))
  await page.goto(`${mock.url}/calls/${idOf(kinds.hopped)}?period=30d`)
  await page.getByTitle('101, Igor Belov, warehouse').first().waitFor()
})

describe('a live journal', () => {
  test('shows a call that begins, tells screen readers, and shows how it ends', async () => {
    await page.goto(`${mock.url}/calls`)
    await page.getByText('Live', { exact: true }).waitFor()
    const call = mock.ring()
    await topmost().filter({ hasText: '+7 999 000-00-01' }).filter({ hasText: 'In progress' }).waitFor()
    await page.locator('[aria-live=polite]').filter({ hasText: '+7 999 000-00-01' }).waitFor({ state: 'attached' })
    mock.hangUp(call)
    await topmost().filter({ hasText: 'Abandoned' }).waitFor()
  })

  test('does not move what one looks at, and says how many came', async () => {
    await page.goto(`${mock.url}/calls?period=30d`)
    await page.getByText('Live', { exact: true }).waitFor()
    await grid().evaluate(box => box.scrollTo(0, 700))
    await page.waitForFunction(() => document.querySelector('[role=grid]')?.scrollTop === 700)
    const look = () => grid().evaluate(box => {
      const { top, height } = box.getBoundingClientRect()
      const row = [...box.querySelectorAll<HTMLElement>('[role=row][id]')].find(one => one.getBoundingClientRect().top > top + height / 3)
      return row && { id: row.id, top: Math.round(row.getBoundingClientRect().top) }
    })
    const before = await look()
    mock.ring()
    await page.getByRole('button', { name: '1 new call' }).waitFor()
    const after = await page.evaluate(id => {
      const row = document.getElementById(id)
      return row && { id, top: Math.round(row.getBoundingClientRect().top) }
    }, before?.id ?? '')
    expect(after).toEqual(before)
    await page.getByRole('button', { name: '1 new call' }).click()
    await topmost().filter({ hasText: 'In progress' }).waitFor()
  })

  test('says since when it is not live, and catches up by itself', async () => {
    mock.breakDown(true)
    await page.getByText(/Not live since/).waitFor()
    mock.breakDown(false)
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 })
  })
})

describe('a period with gaps', () => {
  test('says how complete it is, what is missing and what that means', async () => {
    await page.goto(`${mock.url}/calls?period=30d`)
    const button = page.getByRole('button', { name: /^Complete 99\.9\d %$/ })
    await button.click()
    const told = page.getByRole('dialog')
    await told.getByText('the connection to Asterisk was cut').waitFor()
    await told.getByText(/4,812 events lost/).waitFor()
    await told.getByText('Counts and times of the period can be too low.').waitFor()
    expect(await faults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.goto(`${mock.url}/calls?period=30d&pbx=1`)
    await page.getByRole('button', { name: 'Complete 100 %' }).waitFor()
    await page.goto(`${mock.url}/pbxs`)
    await page.getByRole('article', { name: 'warehouse' }).getByText('99.70 %').waitFor()
    await page.getByRole('article', { name: 'office' }).getByText('100 %').waitFor()
    expect(await faults(page)).toEqual([])
  })
})

describe('filters', () => {
  test('by person and by a variable are part of the address, and all are cleared at once', async () => {
    await page.goto(`${mock.url}/calls?period=30d`)
    await page.getByRole('combobox', { name: 'Person' }).click()
    await page.getByRole('option', { name: 'Igor Belov' }).click()
    await page.waitForURL(/person=9/)
    await topmost().filter({ hasText: 'Igor Belov' }).waitFor()
    await page.getByLabel('Variable or field, or Name: value').fill('CRM_ID: nobody')
    await page.keyboard.press('Enter')
    await page.waitForURL(/attribute=CRM_ID%3Anobody/)
    await page.getByText('No call fits these filters').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('search').getByRole('button', { name: 'Clear filters' }).click()
    await page.waitForURL(url => !/person|attribute/.test(url.search))
    await page.goto(`${mock.url}/calls?period=30d&attribute=CRM_ID:4711`)
    await topmost().waitFor()
    expect(await page.getByLabel('Variable or field, or Name: value').inputValue()).toBe('CRM_ID: 4711')
  })
})

describe('a server that breaks', () => {
  test('is told in words with a way on', async () => {
    mock.breakDown(true)
    await page.goto(`${mock.url}/calls`)
    await page.getByRole('button', { name: 'Try again' }).waitFor({ timeout: 20_000 })
    const found = await faults(page)
    mock.breakDown(false)
    expect(found).toEqual([])
    await page.getByRole('button', { name: 'Try again' }).click()
    await grid().waitFor()
  })
})

describe('the story', () => {
  test('of 64 legs stays small, and every operator can be unfolded', async () => {
    await page.goto(`${mock.url}/calls/${idOf(kinds.endless)}?wide=1`)
    const fold = page.getByRole('button', { name: /21 only rang/ })
    await fold.waitFor()
    const small = await page.getByRole('region', { name: 'Timeline' }).boundingBox()
    expect(small?.height).toBeLessThan(420)
    await fold.click()
    await page.getByText('121', { exact: true }).waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Fold those who only rang' }).click()
    await fold.waitFor()
  })

  test('of two PBXs says what joined them', async () => {
    await page.goto(`${mock.url}/calls/${idOf(kinds.hopped)}`)
    const surface = page.getByRole('slider', { name: 'Moment of the call' })
    await surface.press('End')
    expect(await surface.getAttribute('aria-valuetext')).toContain('on warehouse (joined by a SIP header carried across, certain)')
    await page.getByText('Estimated', { exact: true }).waitFor()
    expect(await faults(page)).toEqual([])
  })

  test('of a call that came back shows each hop with its evidence, keys and parking', async () => {
    await page.goto(`${mock.url}/calls/${idOf(kinds.wandered)}`)
    const hops = page.getByRole('list', { name: 'Hops between PBXs' }).getByRole('listitem')
    await hops.first().waitFor()
    expect(await hops.allInnerTexts().then(all => all.map(text => text.replaceAll(/\s+/g, ' ')))).toEqual([
      'office warehouse joined by the same numbers at the same time, likely', 'warehouse office joined by the same SIP Call-ID, certain',
    ])
    await hops.last().locator('[tabindex]').focus()
    await page.getByText('Both PBXs showed: 7c1e3f20-55aa@10.0.0.2').waitFor()
    const surface = page.getByRole('slider', { name: 'Moment of the call' })
    await surface.press('Home')
    const heard: string[] = []
    for (let stop = 0; stop < 60; stop++) {
      await surface.press('ArrowRight')
      heard.push((await surface.getAttribute('aria-valuetext')) ?? '')
    }
    const told = heard.join('\n')
    for (const words of ['pressed 2', 'parked in 701', '701: fetched by Clara Nguyen', 'on warehouse (joined by', 'Blind transfer: Clara Nguyen']) expect(told).toContain(words)
    expect(await faults(page)).toEqual([])
  })

  test('unfolds its legs, and finds one by a variable', async () => {
    await page.goto(`${mock.url}/calls/${idOf(kinds.hopped)}`)
    await page.getByRole('heading', { name: 'Legs' }).click()
    const legs = page.locator('details article')
    await legs.nth(2).waitFor()
    expect(await legs.count()).toBe(3)
    await page.getByLabel('Variable or field of a leg').fill('crm_id: 4711')
    await page.waitForFunction(() => document.querySelectorAll('details article').length === 1)
    expect(await legs.innerText()).toContain('PJSIP/carrier')
    expect(await faults(page)).toEqual([])
    await page.getByLabel('Variable or field of a leg').fill('nobody has this')
    await page.getByText('No leg has that').waitFor()
  })

  test('reads a transfer, and its raw events are marked', async () => {
    await page.goto(`${mock.url}/calls/${idOf(kinds.transferred)}?at=187200`)
    const surface = page.getByRole('slider', { name: 'Moment of the call' })
    expect(await surface.getAttribute('aria-valuetext')).toContain('Attended transfer: Dmitry Sokolov → Greta Lind')
    await page.locator('[data-near]').filter({ hasText: 'AttendedTransfer' }).waitFor()
  })

  test('of a call whose raw events are gone stands without them', async () => {
    await page.goto(`${mock.url}/calls/${idOf(kinds.internal)}`)
    await page.getByText('No raw events are kept for this call').waitFor()
    await page.getByRole('slider', { name: 'Moment of the call' }).waitFor()
  })

  test('of a call that does not exist says so', async () => {
    await page.goto(`${mock.url}/calls/nonsense`)
    await page.getByText('There is no such thing here').waitFor()
  })
})

describe('an administrator', () => {
  test('adds a PBX and gets a command to copy', async () => {
    await page.goto(`${mock.url}/pbxs`)
    await page.getByRole('button', { name: 'Add a PBX' }).click()
    await page.getByLabel('Name').fill('office')
    await page.getByRole('button', { name: 'Get the command' }).click()
    await page.getByText('A PBX of this name exists').waitFor()
    await page.getByLabel('Name').fill('tver')
    await page.getByRole('button', { name: 'Get the command' }).click()
    await page.getByText(/install\.sh/).first().waitFor()
    await page.getByText('Waiting for the agent to connect').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('article', { name: 'tver' }).waitFor()
  })

  test('revokes an agent with a reason', async () => {
    await page.getByRole('button', { name: 'Actions for warehouse' }).click()
    await page.getByRole('menuitem', { name: 'Revoke the agent' }).click()
    await page.getByLabel('Why').fill('the machine was sold')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByRole('article', { name: 'warehouse' }).getByText('Revoked').waitFor()
  })
})

describe('other roles', () => {
  const as = async (who: { login: string; password: string }) => {
    await page.context().clearCookies()
    await logIn(page, mock.url, who.login, who.password)
  }

  test('a supervisor sees PBXs but changes none', async () => {
    await as(people.supervisor)
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('link', { name: 'PBXs', exact: true }).click()
    await page.getByRole('article').first().waitFor()
    expect(await page.getByRole('button', { name: /Add a PBX|Actions for/ }).count()).toBe(0)
  })

  test('an operator sees only own calls, without raw events and PBXs', async () => {
    await as(people.operator)
    await page.getByRole('heading', { name: 'My calls' }).waitFor()
    expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0)
    await page.goto(`${mock.url}/calls/${idOf(kinds.answered)}`)
    await page.getByRole('region', { name: 'Timeline' }).waitFor()
    expect(await page.getByRole('region', { name: 'Raw events' }).count()).toBe(0)
    await page.goto(`${mock.url}/pbxs`)
    await page.getByText('This is not for your role').waitFor()
    expect(await faults(page)).toEqual([])
  })
})
