import { IconArrowsExchange, IconCalendarClock, IconCalendarTime, IconCoffee, IconDeviceLandlinePhone, IconFileImport, IconGauge, IconHash, IconHistory, IconLine, IconList, IconMail, IconMailForward, IconServer2, IconStack2, IconTag, IconUsers } from '@tabler/icons-react'
import { t } from 'ttag'
import type { Session } from '../api/types.ts'

type Page = 'pbxs' | 'people' | 'devices' | 'groups' | 'queues' | 'numbers' | 'lines' | 'trunks' | 'hours' | 'policies' | 'statuses' | 'tags' | 'rosters' | 'schedules' | 'mail' | 'import' | 'changes'
export interface Task { to: `/settings/${Page}`; name: string; icon: typeof IconUsers }
export interface TaskGroup { name: string; tasks: Task[] }

/** What there is to settle, in groups; none for who neither reads nor changes settings. Who changed what is for administrators. */
export function taskGroups({ user, realm }: Session): TaskGroup[] {
  if (realm === 'vendor' || user.role === 'operator') return []
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
        ...(user.role === 'administrator' ? [{ to: '/settings/mail', name: t`Mail server`, icon: IconMail } satisfies Task] : []),
      ],
    },
  ]
  return user.role === 'administrator' ? [...groups, { name: t`Past`, tasks: [{ to: '/settings/import', name: t`Import`, icon: IconFileImport }, { to: '/settings/changes', name: t`Changes`, icon: IconHistory }] }] : groups
}

export const tasks = (session: Session): Task[] => taskGroups(session).flatMap(group => group.tasks)
