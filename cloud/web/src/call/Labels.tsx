import { IconChevronDown, IconChevronRight, IconDialpad, IconHeadset, IconParking, IconPhone, IconUsers, IconUsersGroup } from '@tabler/icons-react'
import { msgid, ngettext, t } from 'ttag'
import { useNames } from '../api/queries.ts'
import { phone } from '../format/phone.ts'
import css from './Labels.module.css'
import type { Lane, Layout } from './layout.ts'
import { peopleAt, type Story } from './story.ts'

const icons = { outside: IconPhone, ivr: IconDialpad, queue: IconUsers, parking: IconParking, conference: IconUsersGroup, operator: IconHeadset, folded: IconHeadset }

/** The names of the lanes: a column that stays while the drawing scrolls. */
export function Labels({ story, drawn, top, unfolded, toggle }: { story: Story; drawn: Layout; top: number; unfolded: boolean; toggle(): void }) {
  const firstThin = drawn.lanes.find(lane => lane.thin)
  return (
    <div className={css.labels} style={{ paddingTop: top }}>
      {drawn.lanes.map(lane => (
        <div key={lane.id} className={css.label} data-thin={(lane.thin && lane.kind !== 'folded') || undefined} style={{ height: lane.height }}>
          {lane.kind === 'folded' ? <Fold count={lane.members?.length ?? 0} rings={lane.rings} open={false} toggle={toggle} /> : <Name lane={lane} story={story} />}
          {unfolded && lane === firstThin && <button type="button" className={css.refold} onClick={toggle} aria-expanded="true" aria-label={t`Fold those who only rang`} title={t`Fold those who only rang`}><IconChevronDown size={14} aria-hidden /></button>}
        </div>
      ))}
    </div>
  )
}

function Fold({ count, rings, open, toggle }: { count: number; rings: number; open: boolean; toggle(): void }) {
  return (
    <button type="button" className={css.fold} onClick={toggle} aria-expanded={open}>
      <IconChevronRight size={15} aria-hidden />
      <span>
        {ngettext(msgid`${count} only rang`, `${count} only rang`, count)}
        <small>{ngettext(msgid`${rings} ring`, `${rings} rings`, rings)}</small>
      </span>
    </button>
  )
}

function Name({ lane, story }: { lane: Lane; story: Story }) {
  const names = useNames()
  const Icon = icons[lane.kind]
  const { title, more } = useWords(lane, story, names)
  const pbx = story.pbx.length > 1 && lane.pbx ? lane.pbx : ''
  return (
    <span className={css.name} title={[title, more, pbx].filter(Boolean).join(', ')}>
      {!lane.thin && <Icon size={15} stroke={1.6} aria-hidden />}
      <span className={css.words}>
        <b className="num">{title}</b>
        {(more || pbx) && <small>{[more, pbx].filter(Boolean).join(', ')}</small>}
      </span>
      {lane.thin && lane.rings > 1 && <span className={css.count}>×{lane.rings}</span>}
    </span>
  )
}

function useWords(lane: Lane, story: Story, names: ReturnType<typeof useNames>): { title: string; more: string } {
  switch (lane.kind) {
    case 'outside':
      return { title: phone(lane.name) || t`hidden number`, more: story.direction === 'internal' ? peopleAt(story, lane.name, story.pbx[0]) || names.personOf(lane.name, story.pbx[0]) || t`Caller` : t`Outside` }
    case 'ivr':
      return { title: t`IVR`, more: '' }
    case 'queue':
      return { title: lane.name, more: names.queueNameOf(lane.name, lane.pbx) || t`Queue` }
    case 'parking':
      return { title: lane.name || t`Parking`, more: lane.name ? t`Parking` : '' }
    case 'conference':
      return { title: lane.name, more: t`Conference` }
    default:
      return { title: lane.name, more: peopleAt(story, lane.name, lane.pbx) || names.personOf(lane.name, lane.pbx) }
  }
}
