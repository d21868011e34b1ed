import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/* What the invented portal says of reports: the real catalogue in English, and a worker in place of the engine. */

export const catalogue = JSON.parse(readFileSync(join(import.meta.dirname, 'catalogue.json'), 'utf8')) as { reports: unknown[] }

/** Answers like the engine's worker, with figures that are made up of the names of what is asked for: the same every time. */
export const worker = readFileSync(join(import.meta.dirname, 'engine.js'), 'utf8')

export interface View { id: number; name: string; report: string; search: string; shared: boolean; favorite: boolean; own: boolean; owner: string; changed: string }

type Answer = { status: number; body?: unknown }

export function answerReports(views: View[], method: string, path: string, body: Record<string, string>): Answer | undefined {
  if (path === '/reports') return { status: 200, body: catalogue }
  if (path === '/facts/names') return { status: 200, body: names }
  if (path === '/schedules') return { status: 200, body: { schedules: [] } }
  const one = /^\/views\/(\d+)(\/favorite)?$/.exec(path)
  if (path === '/views' && method === 'GET') return { status: 200, body: { views } }
  if (path === '/views') {
    const view = { id: views.length + 1, name: body['name'] ?? '', report: body['report'] ?? '', search: body['search'] ?? '', shared: Boolean(body['shared']), favorite: false, own: true, owner: 'Stepan Krylov', changed: new Date().toISOString() }
    views.push(view)
    return { status: 201, body: view }
  }
  const view = views.find(each => each.id === Number(one?.[1]))
  if (!view) return undefined
  if (one?.[2]) view.favorite = Boolean(body['favorite'])
  return { status: 204 }
}

const named = (all: string[]) => all.map((name, i) => ({ id: i + 1, name }))
const names = {
  zone: 'Europe/Moscow', zones: { 'Europe/Moscow': [{ at: 0, offset: 10_800 }] }, queues: named(['Sales', 'Support', 'Night desk', 'Dispatch']).map(one => ({ ...one, number: String(599 + one.id), station: 1, zone: '', calendar: 0 })),
  operators: named(['Anna Orlova', 'Boris Weiss']).map(one => ({ ...one, number: String(100 + one.id), station: 1 })), people: named(['Anna Orlova', 'Boris Weiss', 'Clara Nguyen']), bindings: [], groups: [],
  pbxs: named(['office', 'warehouse']).map(one => ({ ...one, station: one.id })), stations: named(['office', 'warehouse']), trunks: [], dids: [], tags: [], reasons: [], policies: [], calendars: [], shifts: [], prefixes: [], coverage: [],
}
