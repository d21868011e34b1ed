// Asks the report engine a question in headless Chromium: stdin says what, stdout how long it took.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const { chromium } = createRequire(new URL('../../cloud/web/package.json', import.meta.url))('playwright-core')
const asked = JSON.parse(await text(process.stdin))
const profile = mkdtempSync(join(tmpdir(), 'callweave-bench-browser-'))
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-sandbox'],
})
try {
  const page = context.pages()[0] ?? (await context.newPage())
  await page.goto(asked.url)
  const measured = await page.evaluate(async ({ files, rounds, query, names }) => {
    const go = new Go()
    const { instance } = await WebAssembly.instantiateStreaming(fetch('/report.wasm'), go.importObject)
    void go.run(instance)
    const engine = globalThis.callweaveReports
    const fine = answer => { if (answer) throw new Error(answer) }
    const chunks = await Promise.all(files.map(async file => new Uint8Array(await (await fetch('/' + file)).arrayBuffer())))
    const ask = () => {
      const began = performance.now()
      const table = JSON.parse(engine.table(JSON.stringify(query)))
      if (table.error) throw new Error(table.error)
      return [performance.now() - began, table.rows.length]
    }
    fine(engine.setNames(JSON.stringify(names)))
    const began = performance.now()
    for (const chunk of chunks) fine(engine.add(chunk))
    const [, rows] = ask()
    const cold = performance.now() - began
    const warm = []
    for (let i = 0; i < Number(rounds); i++) warm.push(ask()[0])
    return { cold, warm, rows }
  }, asked)
  console.log(JSON.stringify(measured))
} finally {
  await context.close()
  rmSync(profile, { recursive: true, force: true })
}
