import { IconArrowsExchange, IconCalendarClock, IconCalendarTime, IconCoffee, IconDeviceLandlinePhone, IconFileImport, IconGauge, IconHash, IconHistory, IconLine, IconList, IconMail, IconMailForward, IconServer2, IconStack2, IconTag, IconUsers } from '@tabler/icons-react'
import { t } from 'ttag'
import { can } from '../api/rights.ts'
import type { Session } from '../api/types.ts'

type Page = 'pbxs' | 'people' | 'devices' | 'groups' | 'queues' | 'numbers' | 'lines' | 'trunks' | 'hours' | 'policies' | 'statuses' | 'tags' | 'rosters' | 'schedules' | 'mail' | 'import' | 'changes'
export interface Task { to: `/settings/${Page}`; name: string; icon: typeof IconUsers }
export interface TaskGroup { name: string; tasks: Task[] }

/** What there is to settle for this person, in groups. */
export function taskGroups(session: Session): TaskGroup[] {
  const groups: TaskGroup[] = [
    {
      name: t`Who and what`,
      tasks: [
        { to: '/settings/pbxs', name: t`PBXs`, icon: IconServer2 },
        { to: '/settings/people', name: t`People`, icon: IconUsers },
        { to: '/settings/devices', name: t`Devices`, icon: IconDeviceLandlinePhone },
        { to: '/settings/queues', name: t`Queues`, icon: IconList },
        { to: '/settings/groups', name: t`Groups`, icon: IconStack2 },
        { to: '/settings/numbers', name: t`Numbers`, icon: IconHash },
        { to: '/settings/lines', name: t`Lines and areas`, icon: IconLine },
        { to: '/settings/trunks', name: t`Trunks between PBXs`, icon: IconArrowsExchange },
      ],
    },
    {
      name: t`How it counts`,
      tasks: [
        { to: '/settings/hours', name: t`Hours`, icon: IconCalendarClock },
        { to: '/settings/policies', name: t`Service level`, icon: IconGauge },
        { to: '/settings/statuses', name: t`Statuses`, icon: IconCoffee },
        { to: '/settings/tags', name: t`Tags`, icon: IconTag },
        { to: '/settings/rosters', name: t`Rosters`, icon: IconCalendarTime },
      ],
    },
    {
      name: t`By e-mail`,
      tasks: [
        { to: '/settings/schedules', name: t`Reports by e-mail`, icon: IconMailForward },
        { to: '/settings/mail', name: t`Mail server`, icon: IconMail },
      ],
    },
  ]
  groups.push({ name: t`Past`, tasks: [{ to: '/settings/import', name: t`Import`, icon: IconFileImport }, { to: '/settings/changes', name: t`Changes`, icon: IconHistory }] })
  return groups.map(group => ({ ...group, tasks: group.tasks.filter(task => open(session, task)) })).filter(group => group.tasks.length > 0)
}

/** What a limit can divide is open to whoever reads settings; the rest, to who sees everything. */
function open(session: Session, { to }: Task): boolean {
  switch (to) {
    case '/settings/changes': return can(session, 'audit.read')
    case '/settings/import': return can(session, 'pbxs.write') && session.sees === 'all'
    case '/settings/devices': case '/settings/numbers': case '/settings/trunks': return can(session, 'settings.read') && session.sees === 'all'
    case '/settings/mail': return can(session, 'settings.write')
    case '/settings/schedules': return can(session, 'schedule')
    default: return can(session, 'settings.read')
  }
}

export const tasks = (session: Session): Task[] => taskGroups(session).flatMap(group => group.tasks)
