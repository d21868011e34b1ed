import { msgid, ngettext, t } from 'ttag'
import { useLiveState } from '../api/live.ts'
import { useFormats } from '../format/intl.ts'
import css from './Status.module.css'

/** How many calls there are, and whether the screen is live; when it is not, since when. */
export function Status({ total, loaded, more }: { total: number | undefined; loaded: number; more: boolean }) {
  const formats = useFormats()
  const live = useLiveState()
  const n = total ?? loaded
  const count = formats.number(n)
  const since = live.state === 'away' ? formats.time(live.since) : ''
  return (
    <span className={css.status}>
      <span className="num">{more && total === undefined ? t`${count}+ calls` : ngettext(msgid`${count} call`, `${count} calls`, n)}</span>
      {live.state === 'live' && <span className={css.live}><i aria-hidden />{t`Live`}</span>}
      {live.state === 'away' && <span className={css.away} role="status"><i aria-hidden />{t`Not live since ${since}`}</span>}
    </span>
  )
}
