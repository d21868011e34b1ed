import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

interface Violation { id: string; impact: string | null; help: string; nodes: { html: string; failureSummary?: string }[] }

/** What axe finds on the page as it is now, told in lines; nothing where all is well. */
export async function faults(page: Page): Promise<string[]> {
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  // Evaluated by the browser's debugger, which the content policy does not bind.
  await page.evaluate(source)
  const violations = (await page.evaluate(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => r.violations)`)) as Violation[]
  return violations.map(v => `${v.impact} ${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map(n => `    ${n.html.slice(0, 200)}\n    ${n.failureSummary ?? ''}`).join('\n')}`)
}
