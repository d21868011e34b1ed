import { people, startMock, type Mock, type People } from './mock/server.ts'

/** The portal under test: the one that PORTAL_URL names, or the built pages before an invented API. */
export interface Portal {
  url: string
  /** Only where the API is invented: what real calls cannot be made to do. */
  mock: Mock | null
  administrator: People
  vendor: People | null
  close(): Promise<void>
}

export async function openPortal(): Promise<Portal> {
  const url = process.env['PORTAL_URL']
  if (url) {
    const named = (name: string) => ({ login: process.env[`PORTAL_${name}LOGIN`] ?? '', password: process.env[`PORTAL_${name}PASSWORD`] ?? '' })
    const administrator = named('')
    if (!administrator.login) throw new Error('PORTAL_URL is set, so PORTAL_LOGIN and PORTAL_PASSWORD of an administrator are needed too')
    const vendor = named('VENDOR_')
    return { url: url.replace(/\/$/, ''), mock: null, administrator, vendor: vendor.login ? vendor : null, close: async () => {} }
  }
  const mock = await startMock()
  return { url: mock.url, mock, administrator: people.administrator, vendor: people.vendor, close: () => mock.close() }
}
