import { CloseButton, TextInput } from '@mantine/core'
import { IconChevronRight, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { useNames } from '../api/queries.ts'
import { clock } from '../format/duration.ts'
import { useFormats } from '../format/intl.ts'
import { phone } from '../format/phone.ts'
import { causeWord, legWord } from '../parts/words.ts'
import { legsWith } from './legs.ts'
import css from './Legs.module.css'
import type { Leg, Story } from './story.ts'

/** Every party's channel, with all that the PBX said of it by name: folded away until somebody wants it. */
export function Legs({ story }: { story: Story }) {
  const [open, setOpen] = useState(false) // a call may have thousands: they are drawn when somebody wants them
  const [text, setText] = useState('')
  const typed = useDeferredValue(text)
  const legs = useMemo(() => story.legs ?? [], [story])
  const found = useMemo(() => legsWith(legs, typed), [legs, typed])
  const count = legs.length
  if (count === 0) return null
  const searchable = legs.some(leg => Object.keys(leg.attributes ?? {}).length > 0)
  return (
    <details className={css.legs} open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        <IconChevronRight size={16} aria-hidden />
        <h3>{t`Legs`}</h3>
        <span className={`${css.count} num`}>{ngettext(msgid`${count} channel of a party`, `${count} channels of parties`, count)}</span>
      </summary>
      {open && searchable && (
        <TextInput size="xs" className={css.search} type="search" aria-label={t`Variable or field of a leg`} placeholder={t`Variable or field, or Name: value`} value={text} onChange={event => setText(event.currentTarget.value)} leftSection={<IconSearch size={15} aria-hidden />} rightSection={text && <CloseButton size="xs" aria-label={t`Clear the text`} onClick={() => setText('')} />} />
      )}
      {open && found.length === 0 && <p className={css.nothing}>{t`No leg has that. Names are as the PBX spells them.`}</p>}
      {open && found.map(({ leg, attributes }, i) => <OneLeg key={`${leg.uniqueid ?? ''}-${i}`} leg={leg} attributes={attributes} origin={story.start} many={story.pbx.length > 1} />)}
    </details>
  )
}

function OneLeg({ leg, attributes, origin, many }: { leg: Leg; attributes: [string, string][]; origin: string; many: boolean }) {
  const formats = useFormats()
  const names = useNames()
  const person = leg.kind === 'operator' && leg.number ? leg.person?.name || names.personOf(leg.number, leg.pbx) : ''
  const length = leg.end ? clock(Date.parse(leg.end) - Date.parse(leg.start)) : t`goes on`
  const answered = leg.answered ? formats.offset(Date.parse(leg.answered) - Date.parse(origin)) : ''
  return (
    <article className={css.leg} data-estimated={leg.estimated || undefined}>
      <h4>
        <span className="num">{phone(leg.number ?? '') || t`hidden number`}</span>
        {person && <span>{person}</span>}
        <small>{[legWord(leg.kind), leg.endpoint, many ? leg.pbx : ''].filter(Boolean).join(' · ')}</small>
      </h4>
      <dl className={css.facts}>
        <div><dt>{t`Began`}</dt><dd className="num">{formats.time(leg.start)}</dd></div>
        <div><dt>{t`Length`}</dt><dd className="num">{length}</dd></div>
        <div><dt>{t`Answered`}</dt><dd className="num">{answered || t`no`}</dd></div>
        {leg.end && <div><dt>{t`Hangup cause`}</dt><dd>{causeWord(leg.cause ?? 0)}</dd></div>}
        {leg.uniqueid && <div><dt>Uniqueid</dt><dd className="num">{leg.uniqueid}</dd></div>}
      </dl>
      {attributes.length > 0 && (
        <dl className={css.attributes}>
          {attributes.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
        </dl>
      )}
    </article>
  )
}
