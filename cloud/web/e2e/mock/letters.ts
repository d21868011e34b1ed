import type { MailSettings, Schedule, ScheduleBody, Sending, Session } from '../../src/api/types.ts'
import type { Answer } from './settings.ts'

/* Saved views, reports by e-mail and the mail server, as far as pages need them. */

export interface Letters {
  schedules: Schedule[]
  sendings: Map<number, Sending[]>
  mail: (MailSettings & { has_password: boolean }) | null
}

const ok = (body: unknown, status = 200): Answer => ({ status, body })
const none: Answer = { status: 204 }
const query = (report: string): ScheduleBody['query'] => ({ report, from: 0, to: 0, zone: '', count: '', interval: 0, filter: { hours: '' }, sort: '', limit: 0, days: 0, same: false, now: 0 })

const users = [
  { id: '0197a000-0000-7000-8000-000000000001', name: 'Vera Romanova', address: 'admin@example.com' },
  { id: '0197a000-0000-7000-8000-000000000002', name: 'Stepan Krylov', address: 'supervisor@example.com' },
]

export function makeLetters(now: number): Letters {
  const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString()
  const sent = (due: string, state: Sending['state'], problem = '', detail = ''): Sending => ({
    due, by_hand: false, from: due, to: due, state, problem, detail, tries: state === 'sent' ? 1 : 8, began: due, ended: due,
    letters: [
      { address: 'admin@example.com', state: 'sent', problem: '', detail: '', changed: due },
      { address: 'boss@partner.example', state: state === 'sent' ? 'sent' : 'failed', problem, detail, changed: due },
    ],
  })
  const rejected = ['The mail server does not take the letter.', '550 5.1.1 <boss@partner.example>: Recipient address rejected: User unknown'] as const
  const history = new Map([[1, [sent(at(-20), 'partly', ...rejected), sent(at(-44), 'sent'), sent(at(-68), 'sent')]], [2, [sent(at(-90), 'sent')]]])
  const base = { search: 'queue=1,2', language: 'en' as const, formats: ['xlsx' as const], users: [users[0]?.id ?? ''], addresses: ['boss@partner.example'], owner: 'Vera Romanova', own: true }
  return {
    schedules: [
      { ...base, id: 1, name: 'Queues, every morning', query: query('queues'), period: 'yesterday', rhythm: { every: 'day', at: 480, zone: 'Europe/Moscow' }, paused: false, next: at(4), last: history.get(1)?.[0] ?? null },
      { ...base, id: 2, name: 'Operators of the week', query: query('operators'), period: 'last-week', rhythm: { every: 'week', weekdays: [1], at: 540, zone: 'Europe/Moscow' }, paused: false, next: at(80), last: history.get(2)?.[0] ?? null, own: false, owner: 'Stepan Krylov' },
      { ...base, id: 3, name: 'Month in figures', query: query('summary'), period: 'last-month', rhythm: { every: 'month', day: 1, at: 480, zone: 'Asia/Vladivostok' }, paused: true, next: null, last: null },
    ],
    sendings: history,
    mail: { host: 'smtp.example.com', port: 587, security: 'starttls', login: 'reports', sender: 'reports@example.com', sender_name: 'Callweave', allowed: ['@partner.example'], has_password: true },
  }
}

interface Asked { letters: Letters; session: Session; method: string; path: string; body: Record<string, never> }
const idOf = (path: string) => Number(/\/(\d+)/.exec(path)?.[1])

/** The answer to a question about views, letters and files; null where it is about something else. */
export function post(letters: Letters, session: Session, method: string, path: string, body: Record<string, unknown>): Answer {
  const asked: Asked = { letters, session, method, path, body: body as Record<string, never> }
  if (path.startsWith('/schedules')) return schedules(asked)
  if (path === '/recipients') return ok({ mail: letters.mail !== null, users, allowed: letters.mail?.allowed ?? [] })
  if (path.startsWith('/settings/mail')) return mail(asked)
  return null
}

function schedules({ letters, session, method, path, body }: Asked): Answer {
  const found = letters.schedules.find(one => one.id === idOf(path))
  if (path.endsWith('/sendings')) return ok({ sendings: letters.sendings.get(idOf(path)) ?? [] })
  if (method === 'GET') return ok({ schedules: letters.schedules })
  if (path.endsWith('/send') && found) {
    const due = new Date().toISOString()
    const one: Sending = { due, by_hand: true, from: due, to: due, state: 'sent', problem: '', detail: '', tries: 1, began: due, ended: due, letters: found.addresses.map(address => ({ address, state: 'sent', problem: '', detail: '', changed: due })) }
    letters.sendings.set(found.id, [one, ...(letters.sendings.get(found.id) ?? [])])
    return ok({ due }, 202)
  }
  if (method === 'DELETE') {
    letters.schedules = letters.schedules.filter(one => one !== found)
    return none
  }
  const said = body as unknown as ScheduleBody
  const strange = said.addresses.find(address => !letters.mail?.allowed.includes(address.replace(/^[^@]*/, '')))
  if (strange) return { status: 422, code: 'invalid', detail: `Reports may not go to ${strange}. An administrator can allow the address, or all of its domain, in Settings, E-mail.` }
  const next: Schedule = { id: letters.schedules.length + 1, owner: session.user.name, own: true, last: null, ...found, ...said, next: said.paused ? null : new Date(Date.now() + 3_600_000).toISOString() }
  letters.schedules = found ? letters.schedules.map(one => (one === found ? next : one)) : [...letters.schedules, next]
  return ok(next, found ? 200 : 201)
}

function mail({ letters, method, path, body }: Asked): Answer {
  if (path.endsWith('/test')) {
    const fails = String(body['to']).startsWith('nobody')
    return ok({ sent: !fails, problem: fails ? 'The mail server does not take the letter.' : '', detail: fails ? '550 5.1.1 User unknown' : '' })
  }
  if (method === 'DELETE') letters.mail = null
  if (method === 'DELETE') return none
  if (method === 'PUT') {
    const { password, ...rest } = body as unknown as MailSettings & { password?: string }
    letters.mail = { ...rest, has_password: password !== undefined || letters.mail?.has_password === true }
  }
  return ok({ settings: letters.mail })
}
