import { ActionIcon, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconActivity, IconBuildingSkyscraper, IconChartBar, IconCommand, IconPhoneCall, IconPhoneX, IconSettings, IconUsersGroup } from '@tabler/icons-react'
import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { c, t } from 'ttag'
import { useSession } from '../api/queries.ts'
import { can } from '../api/rights.ts'
import type { Session } from '../api/types.ts'
import { tasks } from '../settings/tasks.ts'
import { Mark } from './Mark.tsx'
import { Palette } from './Palette.tsx'
import css from './Shell.module.css'
import { UserMenu } from './UserMenu.tsx'

export interface Place { to: '/now' | '/calls' | '/reports' | '/missed' | '/team' | '/settings' | '/console'; name: string; icon: typeof IconPhoneCall }

/** The pages that exist for this person. */
export function places(session: Session): Place[] {
  if (session.realm === 'vendor') return [{ to: '/console', name: t`Console`, icon: IconBuildingSkyscraper }]
  const calls: Place = { to: '/calls', name: t`Calls`, icon: IconPhoneCall }
  const all: [boolean, Place][] = [
    [can(session, 'states.read') && session.sees !== 'own', { to: '/now', name: c('page').t`Now`, icon: IconActivity }],
    [can(session, 'calls.read'), calls],
    [can(session, 'reports.read'), { to: '/reports', name: t`Reports`, icon: IconChartBar }],
    [can(session, 'reports.read'), { to: '/missed', name: c('page').t`Missed`, icon: IconPhoneX }],
    [can(session, 'states.read') && session.sees !== 'own', { to: '/team', name: t`Team`, icon: IconUsersGroup }],
    [can(session, 'pbxs.read') || tasks(session).length > 0, { to: '/settings', name: t`Settings`, icon: IconSettings }],
  ]
  return all.filter(([may]) => may).map(([, place]) => place)
}

/** The start is the calls, where there are any for this person. */
export function Home() {
  const all = places(useSession())
  return <Navigate to={all.some(one => one.to === '/calls') ? '/calls' : (all[0]?.to ?? '/calls')} replace />
}

export function Shell() {
  const session = useSession()
  const path = useRouterState({ select: s => s.location.pathname })
  const [palette, setPalette] = useState(false)
  useHotkeys([['mod+K', () => setPalette(open => !open)]], [])
  const foreign = path !== '/' && (session.realm === 'vendor') !== path.startsWith('/console')
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">{t`Skip to the content`}</a>
      <nav className={css.rail} aria-label={t`Main`}>
        <div className={css.brand}><Mark size={30} /></div>
        {places(session).map(({ to, name, icon: Icon }) => (
          <Link key={to} to={to} className={css.place} activeProps={{ className: css.active }}>
            <Icon size={21} stroke={1.6} aria-hidden />
            <span>{name}</span>
          </Link>
        ))}
        <div className={css.foot}>
          <Tooltip label={t`Commands (Ctrl K)`} position="right" withArrow>
            <ActionIcon variant="subtle" color="gray" size={40} aria-label={t`Commands`} onClick={() => setPalette(true)} className={css.tool}>
              <IconCommand size={20} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <UserMenu session={session} />
        </div>
      </nav>
      <main className={css.content} id="content" tabIndex={-1}>
        <Suspense fallback={null}>
          {foreign ? <Home /> : <Outlet />}
        </Suspense>
      </main>
      <Palette opened={palette} close={() => setPalette(false)} session={session} />
    </div>
  )
}
