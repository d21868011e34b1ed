import { Popover } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { coverageQuery } from '../api/queries.ts'
import type { Missing, PBXCoverage } from '../api/types.ts'
import { clock } from '../format/duration.ts'
import { useFormats } from '../format/intl.ts'
import { gapWord } from '../parts/words.ts'
import { completeOf, percentOf } from './complete.ts'
import css from './Coverage.module.css'

const shown = 20

/** How complete the period is, and on request what is missing and what that means. Silent where no PBX was known then. */
export function Coverage({ from, to, pbx }: { from: string; to: string; pbx: number | undefined }) {
  const { data } = useQuery(coverageQuery(from, to))
  const percent = usePercent()
  const [opened, setOpened] = useState(false)
  const pbxs = (data?.pbxs ?? []).filter(one => pbx === undefined || one.id === pbx)
  const { share, gaps, worst } = completeOf(pbxs)
  if (share === null) return null
  const amount = percent(share)
  const Icon = gaps ? IconAlertTriangle : IconCircleCheck
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={420} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={css.button} data-gaps={gaps || undefined} aria-haspopup="dialog" aria-expanded={opened} onClick={() => setOpened(o => !o)}>
          <Icon size={15} aria-hidden />
          <span className="num">{t`Complete ${amount}`}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css.dropdown} aria-label={t`How complete the period is`}>
        <div className={css.parts} tabIndex={0} data-autofocus>
          <h2>{t`How complete the period is`}</h2>
          {!gaps && <p>{t`Everything the PBXs said in this period was heard.`}</p>}
          {worst.map(one => <OnePBX key={one.id} pbx={one} />)}
          {gaps && <p className={css.quiet}>{t`What a PBX said in these times is not known: calls may be missing, and of others only a part was seen; those are marked as estimated. Counts and times of the period can be too low. What the agent still has in its buffer arrives by itself and closes the gap.`}</p>}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

/** A share in words of the viewer's language. */
export function usePercent(): (share: number) => string {
  const formats = useFormats()
  return share => {
    const { value, digits } = percentOf(share)
    return `${formats.number(value, digits)} %`
  }
}

function OnePBX({ pbx }: { pbx: PBXCoverage }) {
  const percent = usePercent()
  const rest = pbx.intervals - Math.min(pbx.missing.length, shown)
  return (
    <section>
      <h3><span>{pbx.name}</span><span className="num">{pbx.share === null ? '' : percent(pbx.share)}</span></h3>
      <ul className={css.missing}>{pbx.missing.slice(0, shown).map((one, i) => <li key={i}><Interval missing={one} /></li>)}</ul>
      {rest > 0 && <p className={css.quiet}>{ngettext(msgid`and ${rest} more`, `and ${rest} more`, rest)}</p>}
    </section>
  )
}

function Interval({ missing }: { missing: Missing }) {
  const formats = useFormats()
  const sameDay = formats.day(missing.from) === formats.day(missing.to)
  const length = clock(missing.seconds * 1000)
  const { events } = missing
  const count = formats.number(events)
  const lost = events > 0 && ngettext(msgid`${count} event lost`, `${count} events lost`, events)
  return (
    <>
      <span className="num">{formats.day(missing.from)}, {formats.time(missing.from)} – {sameDay ? '' : `${formats.day(missing.to)}, `}{formats.time(missing.to)} ({length})</span>
      <span className={css.quiet}>{[...missing.reasons.map(gapWord), lost, missing.estimated && t`estimated`].filter(Boolean).join(', ')}</span>
    </>
  )
}
