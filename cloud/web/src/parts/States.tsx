import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCloudOff, IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { t } from 'ttag'
import { Problem } from '../api/client.ts'
import css from './States.module.css'

/** Nothing to show, and what to do about it. */
export function EmptyState({ title, text, action, icon, heading: Heading = 'h2' }: { title: string; text: ReactNode; action?: ReactNode; icon?: ReactNode; heading?: 'h1' | 'h2' }) {
  return (
    <div className={css.state}>
      {icon && <div className={css.icon}>{icon}</div>}
      <Heading>{title}</Heading>
      <p>{text}</p>
      {action && <div className={css.action}>{action}</div>}
    </div>
  )
}

interface Told { title: string; text: string; icon: ReactNode; retry: boolean }

/** What happened, what it means, what to do: in the server's words where it has any. */
function tell(problem: Error): Told {
  if (!(problem instanceof Problem)) {
    return { title: t`This page could not be drawn`, text: t`It is our mistake. The numbers are safe on the server; load the page again.`, icon: <IconAlertTriangle />, retry: true }
  }
  if (problem.offline) {
    return { title: t`The server does not answer`, text: t`What is on the screen may be old. Calls go on being counted. Check your connection; the portal tries again by itself.`, icon: <IconCloudOff />, retry: true }
  }
  switch (problem.status) {
    case 403:
      return { title: t`This is not for your role`, text: problem.message || t`Ask your administrator if you need it.`, icon: <IconLock />, retry: false }
    case 404:
      return { title: t`There is no such thing here`, text: t`It may have been joined with another call or removed.`, icon: <IconAlertTriangle />, retry: false }
    case 429:
      return { title: t`Too many requests`, text: t`Wait a minute, then try again.`, icon: <IconAlertTriangle />, retry: true }
    default:
      return { title: t`The server could not answer`, text: problem.message || t`Try again; if it stays so, tell your administrator.`, icon: <IconAlertTriangle />, retry: true }
  }
}

export function ErrorState({ problem, retry, page }: { problem: Error; retry?: () => void; page?: boolean }) {
  const told = tell(problem)
  const state = (
    <div role="alert">
      <EmptyState
        heading={page ? 'h1' : 'h2'}
        title={told.title}
        text={told.text}
        icon={told.icon}
        action={told.retry && retry && <Button variant="default" onClick={retry}>{t`Try again`}</Button>}
      />
    </div>
  )
  return page ? <main className={css.page}>{state}</main> : state
}
