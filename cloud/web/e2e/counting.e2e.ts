import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from './axe.ts'
import { logIn } from './browser.ts'
import { openInvented } from './invented.ts'
import { type Mock, people } from './mock/server.ts'

/* What administrators decide about how things are called, grouped and counted. */

let mock: Mock
let page: Page
let close: (() => Promise<void>) | undefined

beforeAll(async () => {
  ;({ mock, page, close } = await openInvented(people.administrator))
})
afterAll(async () => {
  await close?.()
})

const table = (name: string) => page.getByRole('table', { name })
const row = (of: string, text: string) => table(of).getByRole('row').filter({ hasText: text })
const open = async (path: string) => {
  await page.goto(`${mock.url}/settings/${path}`)
  await page.waitForLoadState('networkidle')
}
const save = () => page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()

test('tasks stand in groups, and lead to each other', async () => {
  await page.getByRole('link', { name: 'Settings' }).click()
  const nav = page.getByRole('navigation', { name: 'Settings' })
  await nav.getByRole('group', { name: 'How it counts' }).getByRole('link', { name: 'Service level' }).click()
  await page.waitForURL(/\/settings\/policies/)
  expect(await faults(page)).toEqual([])
})

describe('service level', () => {
  test('explains the five formulas by what one day comes to', async () => {
    for (const share of ['83.0 %', '86.0 %', '81.1 %', '82.7 %', '82.1 %']) await page.getByText(share, { exact: true }).waitFor()
  })

  test('gets a policy for a queue from a past moment on', async () => {
    await page.getByRole('button', { name: 'Add a policy' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Queue' }).fill('600')
    await page.getByRole('option').first().click()
    await dialog.getByRole('switch', { name: 'In force from a moment on' }).click()
    await dialog.getByLabel('From', { exact: true }).fill('2026-10-01T00:00')
    await dialog.getByLabel(/^SL5/).check()
    await dialog.getByLabel('Threshold, seconds').fill('30')
    await dialog.getByText('(answered in 30 s + abandoned in 5 s) ÷ (answered + abandoned)').waitFor()
    expect(await faults(page)).toEqual([])
    await save()
    await row('Policies', 'from 1 Oct, 00:00').filter({ hasText: 'below 5 s count as served' }).waitFor()
  })
})

describe('hours', () => {
  test('are written as people say them, with holidays', async () => {
    await open('hours')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Add hours' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Night')
    await dialog.getByLabel('Monday').fill('22:00-06:00')
    await dialog.getByText('past midnight it goes on the next day').waitFor()
    await dialog.getByLabel('Monday').fill('22:00-24:00')
    await dialog.getByRole('button', { name: 'Add a day' }).click()
    await dialog.getByLabel('Day', { exact: true }).fill('2027-01-01')
    await dialog.getByLabel('Name of 2027-01-01').fill('New Year')
    expect(await faults(page)).toEqual([])
    await save()
    await row('Working hours', 'Night').filter({ hasText: '22:00–24:00' }).waitFor()
  })

  test('that a queue works by stay', async () => {
    await page.getByRole('button', { name: 'Remove Office hours' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: 'works by these hours' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
  })
})

test('queues get a name, a zone and hours', async () => {
  await open('queues')
  expect(await faults(page)).toEqual([])
  await table('Queues').getByRole('button', { name: /^Change/ }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Wholesale')
  await dialog.getByRole('combobox', { name: 'Time zone' }).fill('Vladi')
  await page.getByRole('option', { name: 'Asia/Vladivostok' }).click()
  expect(await faults(page)).toEqual([])
  await save()
  await row('Queues', 'Wholesale').filter({ hasText: 'Asia/Vladivostok' }).waitFor()
})

test('groups are made of people and devices', async () => {
  await open('groups')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Add a group' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('People and devices', { exact: true }).click()
  await dialog.getByLabel('Name', { exact: true }).fill('Evening team')
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('combobox', { name: 'People' }).fill('Elena')
  await page.getByRole('option', { name: 'Elena Petrova' }).click()
  await page.keyboard.press('Escape') // the list closes, the question stays
  await dialog.getByRole('button', { name: 'Save' }).click()
  await row('Groups of people and devices', 'Evening team').filter({ hasText: 'Elena Petrova' }).waitFor()
})

test('reasons that were seen are decided', async () => {
  await open('statuses')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Change coffee' }).click()
  await page.getByRole('dialog').getByRole('switch', { name: 'Paid' }).click()
  await page.getByRole('dialog').getByLabel('May last, minutes').fill('15')
  expect(await faults(page)).toEqual([])
  await save()
  await row('Reasons of pauses', 'coffee').filter({ hasText: 'a paid break' }).filter({ hasText: '15' }).waitFor()
})

describe('areas', () => {
  const upload = async (text: string) => {
    await page.getByRole('region', { name: 'Areas' }).getByRole('button', { name: 'CSV' }).click()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('menuitem', { name: 'Upload' }).click()
    await (await chooser).setFiles({ name: 'areas.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  }

  test('of a file with a wrong line are not taken, and the line is named', async () => {
    await open('lines')
    expect(await faults(page)).toEqual([])
    await upload('prefix;name\n7843;Kazan\nabc;Nowhere\n')
    await page.getByRole('list', { name: 'What is wrong' }).getByText('Line 3: A prefix is the first digits').waitFor()
    expect(await page.getByRole('button', { name: /Make/ }).count()).toBe(0)
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Cancel' }).click()
  })

  test('of a good file are shown before they are taken', async () => {
    await upload('\uFEFFprefix;name\n7843;Kazan\n7495;Moscow and around\n')
    const changes = page.getByRole('list', { name: 'What would change' })
    await changes.getByText('Moscow and around').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Make 2 changes' }).click()
    await row('Areas', '7843').filter({ hasText: 'Kazan' }).waitFor()
  })
})

test('a day of a roster is written as people say it', async () => {
  await open('rosters')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: /^Dmitry Sokolov, .*free$/ }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Work').fill('22:00-06:00')
  await dialog.getByLabel('Breaks').fill('soon')
  await dialog.getByText('Write times as 09:00-18:00.').waitFor()
  await dialog.getByLabel('Breaks').fill('01:00-01:30')
  expect(await faults(page)).toEqual([])
  await save()
  await page.getByRole('button', { name: /^Dmitry Sokolov, .*22:00–06:00/ }).getByText('01:00–01:30').waitFor()
})

describe('tags', () => {
  test('are added and retired', async () => {
    await open('tags')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Add a tag' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('praise')
    await save()
    await page.getByRole('button', { name: 'Change order' }).click()
    await page.getByRole('dialog').getByRole('switch', { name: 'Retired' }).click()
    await save()
    await row('Tags', 'order').filter({ hasText: 'retired' }).waitFor()
  })

  test('are put on a call, and the journal finds it by them', async () => {
    await page.goto(`${mock.url}/calls?period=7d`)
    await page.locator('[role=row][id^=call-]').nth(2).click()
    const tags = page.getByRole('combobox', { name: 'Tags of the call' })
    await tags.click()
    await page.getByRole('option', { name: 'complaint' }).click()
    await page.keyboard.press('Escape')
    await page.waitForLoadState('networkidle')
    await page.goto(`${mock.url}/calls?period=7d&tag=1`)
    await page.getByRole('grid').getByText('complaint').first().waitFor()
    expect(await faults(page)).toEqual([])
  })
})

test('rules that are not saved are not lost by a wrong click', async () => {
  await open('numbers')
  await page.getByRole('button', { name: 'Move _6XX up' }).click()
  await page.getByText('Not saved yet.').waitFor()
  await page.getByRole('link', { name: 'People' }).click()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Stay' }).click()
  await page.getByText('Not saved yet.').waitFor()
  await page.getByRole('link', { name: 'People' }).click()
  await page.getByRole('button', { name: 'Leave', exact: true }).click()
  await page.waitForURL(/\/settings\/people/)
})

test('changes tell all of it in words', async () => {
  await open('changes')
  const entries = page.getByRole('list', { name: 'Changes, the latest first' })
  for (const words of ['Tag changed', 'Area named', 'Roster changed', 'Group added', 'Queue changed', 'Hours added', 'Service level policy added']) await entries.getByText(words, { exact: true }).first().waitFor()
})

test('a supervisor reads and changes none', async () => {
  await page.context().clearCookies()
  await logIn(page, mock.url, people.supervisor.login, people.supervisor.password)
  for (const path of ['queues', 'groups', 'lines', 'hours', 'policies', 'statuses', 'tags', 'rosters']) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    await open(path)
    // oxlint-disable-next-line no-await-in-loop
    expect({ path, changing: await page.getByRole('button', { name: /^(Add|Change|Remove|Save)/ }).count() }).toEqual({ path, changing: 0 })
  }
})

test('dark, Russian and on a phone nothing is wider than the screen, and axe objects to nothing', async () => {
  await page.context().clearCookies()
  await logIn(page, mock.url, people.administrator.login, people.administrator.password)
  await page.evaluate(() => fetch('/api/v1/session', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"language":"ru"}' }))
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['queues', 'groups', 'lines', 'hours', 'policies', 'statuses', 'tags', 'rosters']) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    await open(path)
    // oxlint-disable-next-line no-await-in-loop
    expect({ path, faults: await faults(page) }).toEqual({ path, faults: [] })
    // oxlint-disable-next-line no-await-in-loop
    expect({ path, wide: await page.evaluate(() => document.documentElement.scrollWidth) }).toEqual({ path, wide: 390 })
  }
})
