import { Tooltip } from '@mantine/core'
import { IconArrowRight, IconHelpCircle, IconLink } from '@tabler/icons-react'
import { t } from 'ttag'
import { confidenceWord, evidenceWord } from '../parts/words.ts'
import css from './Hops.module.css'
import type { Story } from './story.ts'

/** From PBX to PBX: what joined them, how sure that is, and the very value both sides showed. */
export function Hops({ story }: { story: Story }) {
  const links = [...(story.links ?? [])].sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''))
  if (links.length === 0) return null
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
    </ol>
  )
}
