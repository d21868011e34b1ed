import { useSession } from './queries.ts'
import type { Session } from './types.ts'

/** The rights by name, as package rights has them; a page shows what its viewer may do and no more. */
export type Right =
  | 'calls.read' | 'events.read' | 'reports.read' | 'states.read' | 'export' | 'schedule' | 'numbers.read' | 'unwatched.read' | 'tags.write' | 'pbxs.read'
  | 'pbxs.write' | 'settings.read' | 'settings.write' | 'policies.write' | 'tokens.write' | 'users.write' | 'audit.read'

/** What belongs to no queue and no device is for those whose sight no limit narrows. */
const whole: ReadonlySet<Right> = new Set<Right>(['settings.write', 'users.write', 'audit.read'])

export function can(session: Session, right: Right): boolean {
  return session.rights.includes(right) && (session.sees === 'all' || !whole.has(right))
}

export function useCan(right: Right): boolean {
  return can(useSession(), right)
}
