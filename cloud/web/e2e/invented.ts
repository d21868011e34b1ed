import type { Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { type Mock, type People, startMock } from './mock/server.ts'

/** The built portal before an invented API, with somebody logged in. */
export interface Invented {
  mock: Mock
  page: Page
  close(): Promise<void>
}

export async function openInvented(who: People): Promise<Invented> {
  const mock = await startMock()
  const browser = await openBrowser({ width: 1440, height: 900 })
  browser.page.setDefaultTimeout(15_000)
  await logIn(browser.page, mock.url, who.login, who.password)
  return {
    mock,
    page: browser.page,
    close: async () => {
      await browser.close()
      await mock.close()
    },
  }
}
