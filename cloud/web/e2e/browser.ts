import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'

/** Flags without which Chromium asks the world for updates at every start; the last two are for where root tests. */
const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-sandbox', '--force-color-profile=srgb']

export interface Look { width: number; height: number; dark?: boolean; language?: 'en' | 'ru'; motion?: boolean }

/** A browser with nothing in it, and its end. */
export async function openBrowser(look: Look): Promise<{ context: BrowserContext; page: Page; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'callweave-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: flags,
    viewport: { width: look.width, height: look.height },
    colorScheme: look.dark ? 'dark' : 'light',
    locale: look.language === 'ru' ? 'ru-RU' : 'en-GB',
    reducedMotion: look.motion ? 'no-preference' : 'reduce',
    ignoreHTTPSErrors: true,
  })
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    context,
    page,
    close: async () => {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

export async function logIn(page: Page, url: string, login: string, password: string): Promise<void> {
  await page.goto(url)
  await page.locator('input[autocomplete=username]').fill(login)
  await page.locator('input[autocomplete=current-password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.locator('nav').waitFor()
}
