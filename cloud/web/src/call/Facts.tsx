import { Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconFileImport } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { t } from 'ttag'
import { useNames } from '../api/queries.ts'
import type { CallRow } from '../api/types.ts'
import { useNow } from '../app/useToday.ts'
import { clock } from '../format/duration.ts'
import { useFormats } from '../format/intl.ts'
import { Outcome } from '../journal/Outcome.tsx'
import { hangupWord, originWord } from '../parts/words.ts'
import css from './Facts.module.css'
import { Hops } from './Hops.tsx'
import type { Story } from './story.ts'
import { Tags } from './Tags.tsx'

/** What one wants to know first: numbers large, the rest in words below. */
export function Facts({ row, story }: { row: CallRow; story: Story }) {
  const formats = useFormats()
  const names = useNames()
  const length = <Length row={row} />
  const end = row.end
  const trunk = story.trunk
  const origin = originWord(row.imported)
  return (
    <div className={css.facts}>
      <dl className={css.figures}>
        <Figure label={t`Result`} value={row.open ? <b className={css.open}>{t`In progress`}</b> : <Outcome disposition={row.disposition} />} />
        <Figure label={t`Wait`} help={t`Time in queues until an operator answered or the caller left, of all queues together`} value={row.queues.length > 0 ? clock(row.wait_ms) : '–'} />
        <Figure label={t`Talk`} help={t`Time in which two people could speak, without hold. Taken from bridges, not from the queue's own count`} value={row.talk_ms > 0 ? clock(row.talk_ms) : '–'} />
        <Figure label={t`Hold`} help={t`Time in which one of ours had the other side on hold`} value={row.hold_ms > 0 ? clock(row.hold_ms) : '–'} />
        <Figure label={t`Whole call`} help={t`From the first channel to the last`} value={length} />
        {row.transfers > 0 && <Figure label={t`Transfers`} value={formats.number(row.transfers)} />}
        <Figure label={t`Rings`} help={t`How often a device of ours rang`} value={formats.number(row.rings)} />
      </dl>
      <dl className={css.details}>
        <Detail label={t`Began`} value={<span className="num">{formats.day(row.start)}, {formats.time(row.start)}</span>} />
        {end && <Detail label={t`Ended`} value={<><span className="num">{formats.time(end)}</span>{row.hangup_by !== 'unknown' && <>, {hangupWord(row.hangup_by)}</>}</>} />}
        {row.caller_name && row.caller_name !== row.caller && <Detail label={t`Caller's name`} value={row.caller_name} />}
        {row.queues.length > 0 && <Detail label={t`Queue`} value={row.queues.map(names.queue).join(', ')} />}
        {row.operators.length > 0 && <Detail label={t`Operator`} value={operatorsText(row, id => names.at(row, id))} />}
        <Detail label={t`PBX`} value={row.pbxs.map(names.pbx).join(' → ')} />
        {trunk && <Detail label={t`Trunk`} value={trunk} />}
      </dl>
      <Tags row={row} />
      <Hops story={story} />
      {row.imported.length > 0 && (
        <p className={css.partial}>
          <IconFileImport size={16} aria-hidden />
          {row.partial ? t`${origin}. No agent heard this call; its times are to the second and partly estimated.` : t`${origin}. No agent heard this call.`}
        </p>
      )}
      {row.partial && row.imported.length === 0 && (
        <p className={css.partial}>
          <IconAlertTriangle size={16} aria-hidden />
          {t`Part of this call was not seen by the agent. What is estimated is drawn dashed, and the figures may be too low.`}
        </p>
      )}
    </div>
  )
}

function operatorsText(row: CallRow, name: (id: number) => string): string {
  const shown = row.operators.slice(0, 3).map(name).join(', ')
  const rest = row.operators.length - 3
  return rest > 0 ? t`${shown} and ${rest} more` : shown
}

function Length({ row }: { row: CallRow }) {
  const now = useNow(1000)
  return <>{clock((row.end ? Date.parse(row.end) : now) - Date.parse(row.start))}</>
}

function Figure({ label, value, help }: { label: string; value: ReactNode; help?: string }) {
  const term = <dt tabIndex={help ? 0 : undefined} data-help={help ? true : undefined}>{label}</dt>
  return (
    <div className={css.figure}>
      {help ? <Tooltip label={help} multiline w={240} events={{ hover: true, focus: true, touch: true }}>{term}</Tooltip> : term}
      <dd className="num">{value}</dd>
    </div>
  )
}

function Detail({ label, value }: { label: string; value: ReactNode }) {
  return (
    <div className={css.detail}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}
