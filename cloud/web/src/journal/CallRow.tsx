import { VisuallyHidden } from '@mantine/core'
import { type CSSProperties, memo } from 'react'
import { t } from 'ttag'
import { useNames } from '../api/queries.ts'
import type { CallRow as Row } from '../api/types.ts'
import { useNow } from '../app/useToday.ts'
import { TagWords } from '../call/Tags.tsx'
import { clock } from '../format/duration.ts'
import { useFormats } from '../format/intl.ts'
import { phone } from '../format/phone.ts'
import css from './CallRow.module.css'
import { DirectionIcon, Outcome } from './Outcome.tsx'

interface Props {
  row: Row
  index: number
  mode: 'table' | 'cards'
  style: CSSProperties
  selected: boolean
  active: boolean
  show(id: string): void
}

export function ColumnHeads({ manyPBXs }: { manyPBXs: boolean }) {
  return (
    <div role="row" aria-rowindex={1} className={css.heads} data-pbxs={manyPBXs || undefined}>
      <span role="columnheader">{t`Time`}</span>
      <span role="columnheader"><VisuallyHidden>{t`Direction`}</VisuallyHidden></span>
      <span role="columnheader">{t`Caller`}</span>
      <span role="columnheader">{t`Dialled`}</span>
      <span role="columnheader">{t`Queue`}</span>
      <span role="columnheader">{t`Operator`}</span>
      {manyPBXs && <span role="columnheader">{t`PBX`}</span>}
      <span role="columnheader">{t`Result`}</span>
      <span role="columnheader" className={css.right}>{t`Wait`}</span>
      <span role="columnheader" className={css.right}>{t`Talk`}</span>
    </div>
  )
}

/** One call: a line of columns where there is room, else a card of two lines. */
export const CallRow = memo(function CallRow(props: Props) {
  const { row, index, style, selected, active, show, mode } = props
  return (
    <div
      role="row"
      id={`call-${row.id}`}
      aria-rowindex={index}
      aria-selected={selected}
      className={mode === 'table' ? css.row : css.card}
      data-active={active || undefined}
      data-open={row.open || undefined}
      style={style}
      onClick={() => show(row.id)}
    >
      {mode === 'table' ? <Columns row={row} /> : <Card row={row} />}
    </div>
  )
}, same)

function same(a: Props, b: Props): boolean {
  return a.row === b.row && a.index === b.index && a.mode === b.mode && a.selected === b.selected && a.active === b.active && a.style.height === b.style.height && a.style.transform === b.style.transform
}

function Columns({ row }: { row: Row }) {
  const formats = useFormats()
  const names = useNames()
  const manyPBXs = names.directory.pbxs.length > 1
  const queues = row.queues.map(names.queue).join(', ')
  const operators = row.operators.map(id => names.at(row, id))
  const pbxs = row.pbxs.map(names.pbx).join(' → ')
  return (
    <div className={css.columns} data-pbxs={manyPBXs || undefined} role="presentation">
      <span role="gridcell" className="num">{formats.time(row.start)}</span>
      <span role="gridcell"><DirectionIcon direction={row.direction} /></span>
      <span role="gridcell" className={css.cut}><Caller row={row} /></span>
      <span role="gridcell" className={`${css.cut} num`}>{phone(row.dialled)}</span>
      <span role="gridcell" className={css.cut} title={queues}>{queues || <None />}</span>
      <span role="gridcell" className={css.cut} title={operators.join(', ')}>{row.disposition === 'answered' || row.open ? <People names={operators} /> : <Tried names={operators} />}</span>
      {manyPBXs && <span role="gridcell" className={css.cut} title={pbxs}>{pbxs}</span>}
      <span role="gridcell" className={css.state}>{row.open ? <Going row={row} /> : <Outcome disposition={row.disposition} />}</span>
      <span role="gridcell" className={`${css.right} num`}>{row.queues.length > 0 ? clock(row.wait_ms) : <None />}</span>
      <span role="gridcell" className={`${css.right} num`}>{row.talk_ms > 0 ? clock(row.talk_ms) : <None />}</span>
    </div>
  )
}

function Card({ row }: { row: Row }) {
  const formats = useFormats()
  const names = useNames()
  const where = [row.queues.map(names.queue).join(', ') || phone(row.dialled), row.operators.length === 1 && names.at(row, row.operators[0] ?? 0)].filter(Boolean).join(' · ')
  return (
    <div className={css.lines} role="gridcell">
      <span className={css.line}>
        <DirectionIcon direction={row.direction} />
        <span className={css.cut}><Caller row={row} /></span>
        <span className={`${css.when} num`}>{formats.minute(row.start)}</span>
      </span>
      <span className={css.line} data-second="">
        <span className={css.cut}>{where}</span>
        {row.open ? <Going row={row} /> : <Outcome disposition={row.disposition} plain />}
        <span className={`${css.amount} num`}>{row.talk_ms > 0 ? clock(row.talk_ms) : row.queues.length > 0 ? clock(row.wait_ms) : ''}</span>
      </span>
    </div>
  )
}

function Caller({ row }: { row: Row }) {
  const named = row.caller_name !== '' && row.caller_name !== row.caller
  return (
    <>
      <b className={`${css.number} num`}>{phone(row.caller) || t`hidden number`}</b>
      {named && <span className={css.name}>{row.caller_name}</span>}
      {row.tags.length > 0 && <TagWords row={row} className={css.tag} />}
    </>
  )
}

function People({ names }: { names: string[] }) {
  if (names.length === 0) return <None />
  const rest = names.length - 1
  return <>{names[0]}{rest > 0 && <span className={css.quiet}> +{rest}</span>}</>
}

/** Nobody spoke: who was tried is less than a name, so it is only counted beyond the first. */
function Tried({ names }: { names: string[] }) {
  if (names.length === 0) return <None />
  return <span className={css.quiet}><People names={names} /></span>
}

function None() {
  return <span className={css.quiet} aria-hidden>–</span>
}

/** An open call: in words, and for how long it goes on. */
function Going({ row }: { row: Row }) {
  const now = useNow(1000)
  return (
    <span className={css.going}>
      <i aria-hidden />
      {t`In progress`} <span className="num">{clock(now - Date.parse(row.start))}</span>
    </span>
  )
}
