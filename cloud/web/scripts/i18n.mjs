// Catalogues of the portal's words. Without arguments: extracts po/portal.pot from the sources and brings every po/*.po
// up to date, keeping its translations. With --check: changes nothing and fails where a translation is missing, unsure,
// unused or does not fit its message.
import { po } from 'gettext-parser'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'po')
const template = join(folder, 'portal.pot')
const check = process.argv.includes('--check')

/** Messages of the sources, as a catalogue without translations. Line numbers would change with every edit, so none. */
function extract() {
  const dir = mkdtempSync(join(tmpdir(), 'callweave-po-'))
  const file = join(dir, 'portal.pot')
  try {
    execFileSync(join(root, 'node_modules/.bin/ttag'), ['extract', '--extractLocation', 'file', '--sortByMsgid', '-o', file, 'src'], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
    return po.parse(readFileSync(file))
  } catch (problem) {
    throw new Error(`extract messages: ${problem.stderr ?? problem}`, { cause: problem })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function messages(catalogue) {
  return Object.values(catalogue.translations)
    .flatMap(context => Object.values(context))
    .filter(message => message.msgid !== '')
}
const keyOf = message => `${message.msgctxt ?? ''}\u0004${message.msgid}`
const expressions = text => [...text.matchAll(/\$\{ ?([^}]+?) ?\}/g)].map(match => match[1]).sort()

function forms(catalogue) {
  const header = Object.entries(catalogue.headers).find(([name]) => name.toLowerCase() === 'plural-forms')?.[1] ?? ''
  return Number(/nplurals=(\d)/.exec(header)?.[1] ?? 0)
}

/** What is wrong with one translation, in words. */
function faults(message, plurals) {
  const wanted = message.msgid_plural ? plurals : 1
  if (message.msgstr.length !== wanted || message.msgstr.some(text => text === '')) return ['is not translated']
  const found = []
  if (message.comments?.flag?.includes('fuzzy')) found.push('is marked as unsure')
  const given = new Set(expressions(message.msgid))
  for (const text of message.msgstr) {
    const used = expressions(text)
    if (used.some(one => !given.has(one))) found.push(`uses what its message lacks: ${text}`)
    if ([...given].some(one => !used.includes(one))) found.push(`leaves out a part of its message: ${text}`)
  }
  return found
}

function checkCatalogue(name, catalogue, wanted) {
  const problems = []
  if (!catalogue.headers['Language']) problems.push('has no Language header; without it ttag evaluates code, which the content policy forbids')
  const plurals = forms(catalogue)
  if (!plurals) problems.push('has no Plural-Forms header')
  const has = new Map(messages(catalogue).map(message => [keyOf(message), message]))
  const needs = new Map(wanted.map(message => [keyOf(message), message]))
  for (const [key, message] of needs) if (!has.has(key)) problems.push(`lacks: ${message.msgid}`)
  for (const [key, message] of has) {
    if (!needs.has(key)) problems.push(`is unused: ${message.msgid}`)
    else problems.push(...faults(message, plurals).map(fault => `${message.msgid}: ${fault}`))
  }
  return problems.map(problem => `${name}: ${problem}`)
}

/** The template's messages with the catalogue's translations; what the sources no longer say is dropped. */
function merge(catalogue, pot) {
  const known = new Map(messages(catalogue).map(message => [keyOf(message), message]))
  const plurals = forms(catalogue)
  const merged = { ...catalogue, obsolete: {}, translations: { '': { '': catalogue.translations['']?.[''] ?? { msgid: '', msgstr: [''] } } } }
  for (const message of messages(pot)) {
    const context = message.msgctxt ?? ''
    const old = known.get(keyOf(message))
    const empty = Array.from({ length: message.msgid_plural ? plurals : 1 }, () => '')
    merged.translations[context] ??= {}
    merged.translations[context][message.msgid] = { ...message, msgstr: old && old.msgstr.length === empty.length ? old.msgstr : empty, comments: { ...message.comments, translator: old?.comments?.translator, flag: old?.comments?.flag } }
  }
  return merged
}

function text(catalogue) {
  return `${po.compile(catalogue, { foldLength: 0 }).toString('utf8').trimEnd()}\n`
}

const pot = extract()
pot.headers = { 'Language': 'en', 'MIME-Version': '1.0', 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': '8bit', 'Plural-Forms': 'nplurals=2; plural=(n!=1);' }
pot.translations['']['']= { msgid: '', msgstr: [''] }
const problems = []
if (check) {
  const fresh = readFileSync(template, 'utf8') === text(pot)
  if (!fresh) problems.push('portal.pot: is older than the sources; run npm run i18n')
} else {
  writeFileSync(template, text(pot))
}
for (const name of readdirSync(folder).filter(file => file.endsWith('.po'))) {
  const file = join(folder, name)
  const catalogue = po.parse(readFileSync(file))
  const current = check ? catalogue : merge(catalogue, pot)
  if (!check) writeFileSync(file, text(current))
  problems.push(...checkCatalogue(name, current, messages(pot)))
}
for (const problem of problems) console.error(problem)
console.log(`${messages(pot).length} messages, ${problems.length} problems`)
if (check && problems.length > 0) process.exitCode = 1
