import { VisuallyHidden } from '@mantine/core'
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react'
import { t } from 'ttag'
import css from './Delta.module.css'
import type { Change } from './values.ts'

/** By how much a figure differs from the period before. Whether that is good is said by colour and by a word for those who do not see it. */
export function Delta({ change }: { change: Change | null }) {
  if (!change) return <span className={css.delta} aria-hidden>·</span>
  const Icon = change.up ? IconArrowUpRight : IconArrowDownRight
  return (
    <span className={css.delta} data-good={change.good ?? undefined} title={t`against the period before`}>
      {change.text !== '±0' && <Icon size={12} stroke={2.2} aria-hidden />}
      {change.text}
      {change.good !== null && <VisuallyHidden>{change.good ? t`better` : t`worse`}</VisuallyHidden>}
    </span>
  )
}
