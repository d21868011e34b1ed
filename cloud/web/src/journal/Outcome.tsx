import {
  IconAlertTriangle, IconArrowDownLeft, IconArrowUpRight, IconArrowsLeftRight, IconCheck, IconClockX, IconMicrophone2, IconPhoneOff, IconPhoneX, IconQuestionMark, IconUserOff, IconWalk,
} from '@tabler/icons-react'
import type { CallRow } from '../api/types.ts'
import { directionWord, dispositionWord } from '../parts/words.ts'
import css from './Outcome.module.css'

type Icon = typeof IconCheck
const looks: Record<string, { icon: Icon; tone: string }> = {
  answered: { icon: IconCheck, tone: 'talking' },
  abandoned: { icon: IconWalk, tone: 'breach' },
  timeout: { icon: IconClockX, tone: 'breach' },
  join_empty: { icon: IconUserOff, tone: 'breach' },
  leave_empty: { icon: IconUserOff, tone: 'breach' },
  voicemail: { icon: IconMicrophone2, tone: 'waiting' },
  no_answer: { icon: IconPhoneOff, tone: 'offline' },
  busy: { icon: IconPhoneX, tone: 'offline' },
  rejected: { icon: IconPhoneX, tone: 'offline' },
  failed: { icon: IconAlertTriangle, tone: 'breach' },
}

/** How a call ended: icon, word and colour, so that none of them has to be relied on. */
export function Outcome({ disposition, plain }: { disposition: string; plain?: boolean }) {
  const { icon: Icon, tone } = looks[disposition] ?? { icon: IconQuestionMark, tone: 'offline' }
  return (
    <span className={plain ? css.plain : css.outcome} data-tone={tone}>
      <Icon size={14} stroke={2} aria-hidden />
      {dispositionWord(disposition)}
    </span>
  )
}

export function DirectionIcon({ direction }: { direction: CallRow['direction'] }) {
  const Icon = direction === 'inbound' ? IconArrowDownLeft : direction === 'outbound' ? IconArrowUpRight : IconArrowsLeftRight
  return (
    <span className={css.direction} title={directionWord(direction)}>
      <Icon size={16} stroke={1.8} role="img" aria-label={directionWord(direction)} />
    </span>
  )
}
