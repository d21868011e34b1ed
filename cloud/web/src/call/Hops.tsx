import { Tooltip } from '@mantine/core'
import { IconArrowRight, IconHelpCircle, IconLink } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { t } from 'ttag'
import { confidenceWord, evidenceWord } from '../parts/words.ts'
import css from './Hops.module.css'
import type { Story } from './story.ts'

/** From PBX to PBX: what joined them, how sure that is, and the very value both sides showed. */
export function Hops({ story }: { story: Story }) {
  const links = [...(story.links ?? [])].sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''))
  // A leg may fit several others, and two legs of this call the same one.
  const others = (story.candidates ?? []).filter((other, i, all) => all.findIndex(o => o.call === other.call) === i)
  if (links.length + others.length === 0) return null
  return (
    <ol className={css.hops} aria-label={t`Hops between PBXs`}>
      {links.map((link, i) => {
        const evidence = evidenceWord(link.kind)
        const confidence = confidenceWord(link.confidence)
        const Icon = link.confidence === 'certain' ? IconLink : IconHelpCircle
        return (
          <li key={i} className={css.hop} data-likely={link.confidence !== 'certain' || undefined}>
            <b>{link.from}</b>
            <IconArrowRight size={14} aria-label={t`to`} />
            <b>{link.to}</b>
            <Tooltip label={link.evidence ? t`Both PBXs showed: ${link.evidence}` : evidence} multiline maw={360} events={{ hover: true, focus: true, touch: true }}>
              <span className={css.evidence} tabIndex={0}>
                <Icon size={14} stroke={1.8} aria-hidden />
                {t`joined by ${evidence}, ${confidence}`}
              </span>
            </Tooltip>
          </li>
        )
      })}
      {others.map(other => (
        <li key={other.call} className={css.hop} data-likely>
          <b>{other.from}</b>
          <IconArrowRight size={14} aria-label={t`to`} />
          <b>{other.to}</b>
          <Tooltip label={t`Numbers and times fit, but not clearly enough. A wrong link would be worse than none.`} multiline maw={360} events={{ hover: true, focus: true, touch: true }}>
            <Link to="/calls/$callId" params={{ callId: other.call }} className={css.evidence}>
              <IconHelpCircle size={14} stroke={1.8} aria-hidden />
              {t`perhaps the other half of this call`}
            </Link>
          </Tooltip>
        </li>
      ))}
    </ol>
  )
}
