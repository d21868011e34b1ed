import { Link } from '@tanstack/react-router'
import { t } from 'ttag'
import { EmptyState } from '../parts/States.tsx'

export function NotFound() {
  return <EmptyState title={t`There is no such page`} text={t`The address may be mistyped, or the page was moved.`} action={<Link to="/">{t`Go to the start`}</Link>} />
}
