import { people, startMock } from './mock/server.ts'

/** Serves the built portal with invented calls, until it is stopped. */
export async function main(): Promise<void> {
  const mock = await startMock(Number(process.env['PORT'] ?? 0))
  console.log(`portal  ${mock.url}`)
  for (const [role, { login, password }] of Object.entries(people)) console.log(`${role}  ${login}  ${password}`)
}
