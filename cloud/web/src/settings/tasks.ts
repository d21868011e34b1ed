import { IconArrowsExchange, IconDeviceLandlinePhone, IconFileImport, IconHash, IconHistory, IconUsers } from '@tabler/icons-react'
import { t } from 'ttag'
import type { Session } from '../api/types.ts'

export interface Task { to: '/settings/people' | '/settings/devices' | '/settings/numbers' | '/settings/trunks' | '/settings/import' | '/settings/changes'; name: string; icon: typeof IconUsers }

/** What there is to settle, by task; none for who neither reads nor changes settings. Who changed what is for administrators. */
export function tasks({ user, realm }: Session): Task[] {
  if (realm === 'vendor' || user.role === 'operator') return []
  const all: Task[] = [
    { to: '/settings/people', name: t`People`, icon: IconUsers },
    { to: '/settings/devices', name: t`Devices`, icon: IconDeviceLandlinePhone },
    { to: '/settings/numbers', name: t`Numbers`, icon: IconHash },
    { to: '/settings/trunks', name: t`Trunks between PBXs`, icon: IconArrowsExchange },
  ]
  return user.role === 'administrator' ? [...all, { to: '/settings/import', name: t`Import`, icon: IconFileImport }, { to: '/settings/changes', name: t`Changes`, icon: IconHistory }] : all
}
