import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from './axe.ts'
import { openInvented } from './invented.ts'
import { people } from './mock/server.ts'

/* The mail server, and reports by e-mail. */

let page: Page
let url: string
let close: (() => Promise<void>) | undefined

beforeAll(async () => {
  const opened = await openInvented(people.administrator)
  ;({ page, close } = opened)
  url = opened.mock.url
})
afterAll(async () => {
  await close?.()
})

const row = (text: string) => page.getByRole('list', { name: 'Reports by e-mail' }).getByRole('listitem').filter({ hasText: text })
const menuOf = async (name: string, what: string) => {
  await page.getByRole('button', { name: `What to do with “${name}”` }).click()
  await page.getByRole('menuitem', { name: what, exact: true }).click()
}

describe('reports by e-mail', () => {
  test('say when they go out next and what went wrong', async () => {
    await page.goto(`${url}/settings/schedules`)
    await row('Queues, every morning').filter({ hasText: 'Not to everybody' }).filter({ hasText: 'does not take the letter' }).waitFor()
    await row('Operators of the week').filter({ hasText: 'Mon at 09:00' }).filter({ hasText: 'Stepan Krylov' }).waitFor()
    await row('Month in figures').filter({ hasText: 'Paused' }).waitFor()
    expect(await faults(page)).toEqual([])
  })

  test('have a history with a line for every letter', async () => {
    await menuOf('Queues, every morning', 'What was sent')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('550 5.1.1').first().waitFor()
    expect(await dialog.locator('ol > li').count()).toBe(3)
    expect(await faults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('are changed, paused and sent by hand', async () => {
    await menuOf('Queues, every morning', 'Change')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Every month').click()
    await dialog.getByLabel('Day of the month').fill('1')
    await dialog.getByLabel('At', { exact: true }).fill('07:30')
    expect(await faults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save' }).click()
    await row('Queues, every morning').filter({ hasText: 'Day 1 of the month at 07:30' }).waitFor()
    await menuOf('Queues, every morning', 'Pause')
    await row('Queues, every morning').filter({ hasText: 'Paused' }).waitFor()
    await menuOf('Queues, every morning', 'Send now')
    await dialog.getByText('by hand').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('to an address that nobody allowed are refused in words', async () => {
    await menuOf('Month in figures', 'Change')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Other addresses').fill('x@elsewhere.example')
    await page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'may not go to x@elsewhere.example' }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('are removed after a question', async () => {
    await menuOf('Month in figures', 'Remove')
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await row('Month in figures').waitFor({ state: 'detached' })
  })
})

describe('the mail server', () => {
  test('is shown without its password', async () => {
    await page.goto(`${url}/settings/mail`)
    await page.getByText('One is stored.').waitFor()
    expect(await page.getByLabel('Server', { exact: true }).inputValue()).toBe('smtp.example.com')
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
    expect(await faults(page)).toEqual([])
  })

  test('changes its port with the encryption', async () => {
    await page.getByRole('radiogroup', { name: 'Encryption' }).getByText('TLS', { exact: true }).click()
    expect(await page.getByLabel('Port').inputValue()).toBe('465')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('input[placeholder="smtp.example.com"]') !== null)
  })

  test('is tried with a letter, and says what the server answered', async () => {
    const form = page.getByRole('form', { name: 'Test letter' })
    await form.getByLabel('To').fill('admin@example.com')
    await form.getByRole('button').click()
    await form.getByText('took the letter').waitFor()
    await form.getByLabel('To').fill('nobody@example.com')
    await form.getByRole('button').click()
    await form.getByText('550 5.1.1 User unknown').waitFor()
    expect(await faults(page)).toEqual([])
  })
})
