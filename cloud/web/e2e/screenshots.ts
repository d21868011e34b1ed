import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { idOf, kinds } from './mock/data.ts'
import { openPortal } from './portal.ts'

/**
 * Pictures for the documentation: npm run screenshots -- DIR, of the portal that PORTAL_URL names or of invented calls.
 * Of a real portal the call with the richest story of the last 30 days is taken, or the one that CALL names.
 */
export async function main([dir = 'test-results/screenshots']: string[]): Promise<void> {
  mkdirSync(dir, { recursive: true })
  const portal = await openPortal()
  for (const dark of [false, true]) {
    const { page, close } = await openBrowser({ width: 1440, height: 900, dark })
    const file = (name: string) => join(dir, `${name}${dark ? '-dark' : ''}.png`)
    await logIn(page, portal.url, portal.administrator.login, portal.administrator.password)
    await shoot(page, `${portal.url}/calls?period=7d`, '[role=grid] [role=row][id]', file('journal'))
    const call = process.env['CALL'] ?? (portal.mock ? idOf(kinds.transferred) : await richest(page))
    await shoot(page, `${portal.url}/calls/${call}?period=7d`, '[role=slider]', file('call'))
    await shoot(page, `${portal.url}/settings/pbxs`, 'article', file('pbxs'))
    await page.setViewportSize({ width: 390, height: 844 })
    await shoot(page, `${portal.url}/calls?period=7d`, '[role=grid] [role=row][id]', file('journal-phone'))
    await close()
  }
  await portal.close()
}

async function shoot(page: Page, url: string, wait: string, path: string): Promise<void> {
  await page.goto(url)
  await page.locator(wait).first().waitFor()
  await page.waitForLoadState('networkidle').catch(() => undefined)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.screenshot({ path })
}

/** The call with most to see: transfers and hold before rings. */
async function richest(page: Page): Promise<string> {
  const from = new Date(Date.now() - 30 * 86_400_000).toISOString()
  return page.evaluate(async since => {
    const answer = await fetch(`/api/v1/calls?limit=1000&from=${encodeURIComponent(since)}`)
    const { calls } = (await answer.json()) as { calls: { id: string; open: boolean; transfers: number; hold_ms: number; rings: number; queues: number[] }[] }
    const weight = (c: (typeof calls)[number]) => (c.open ? -99 : 0) + Math.min(c.transfers, 2) * 20 + (c.hold_ms > 3000 ? 10 : 0) + Math.min(c.rings, 6) + Math.min(c.queues.length, 3) * 3
    return calls.sort((a, b) => weight(b) - weight(a))[0]?.id ?? ''
  }, from)
}
