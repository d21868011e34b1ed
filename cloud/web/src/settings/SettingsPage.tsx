import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useRef } from 'react'
import { t } from 'ttag'
import { useSession } from '../api/queries.ts'
import { Header } from '../app/Header.tsx'
import { EmptyState } from '../parts/States.tsx'
import css from './SettingsPage.module.css'
import { taskGroups } from './tasks.ts'

/** What people decide: who works where, what devices and numbers are. */
export function SettingsPage() {
  const session = useSession()
  const path = useRouterState({ select: s => s.location.pathname.replace(/\/$/, '') })
  const nav = useRef<HTMLElement>(null)
  // On a phone the tasks are a row that scrolls; the one that is open is in view.
  useEffect(() => {
    const open = [...(nav.current?.querySelectorAll('a') ?? [])].find(link => path.startsWith(link.pathname))
    open?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [path])
  if (path === '/settings') return <Navigate to="/settings/people" replace />
  if (taskGroups(session).length === 0) {
    return (
      <>
        <Header title={t`Settings`} />
        <EmptyState title={t`This is not for your role`} text={t`Supervisors read the settings, administrators change them. Ask one of them.`} />
      </>
    )
  }
  return (
    <>
      <Header title={t`Settings`} />
      <div className={css.page}>
        <nav ref={nav} className={css.nav} aria-label={t`Settings`}>
          {taskGroups(session).map(group => (
            <div key={group.name} className={css.group} role="group" aria-label={group.name}>
              <p className={css.heading} aria-hidden>{group.name}</p>
              {group.tasks.map(({ to, name, icon: Icon }) => (
                <Link key={to} to={to} className={css.task} activeProps={{ className: css.active }}>
                  <Icon size={18} stroke={1.6} aria-hidden />
                  {name}
                </Link>
              ))}
            </div>
          ))}
        </nav>
        <div className={css.content}>
          <Suspense fallback={null}><Outlet /></Suspense>
        </div>
      </div>
    </>
  )
}
