import { memo, useId } from 'react'
import { clock } from '../format/duration.ts'
import { type Arrow, type Bar, type Lane, type Layout, ticks } from './layout.ts'
import css from './Drawing.module.css'

export const axisHeight = 24
export const bandHeight = 22
const markApart = 76
const keySize = 15
const keyLetter = 8

/** The lanes as a picture. Everything it shows is told in words by the readout, so it is hidden from screen readers. */
export const Drawing = memo(function Drawing({ drawn, width }: { drawn: Layout; width: number }) {
  const hatch = useId()
  const many = drawn.bands.length > 1
  const top = axisHeight + (many ? bandHeight : 0)
  const height = top + drawn.height
  const x = (ms: number) => (ms / drawn.length) * width
  return (
    <svg width={width} height={height} className={css.drawing} aria-hidden="true" focusable="false">
      <defs>
        <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" className={css.hatchGround} />
          <rect width="2.5" height="6" className={css.hatchLine} />
        </pattern>
      </defs>
      {many && drawn.bands.map((band, i) => (
        <g key={i} className={css.band} data-odd={i % 2 || undefined} data-likely={(band.link && band.link.confidence !== 'certain') || undefined}>
          <rect x={x(band.from)} y={axisHeight} width={Math.max(x(band.to) - x(band.from), 0)} height={height - axisHeight} />
          {i > 0 && <line x1={x(band.from)} x2={x(band.from)} y1={axisHeight} y2={height} />}
          {x(band.to) - x(band.from) > 40 && <text x={x(band.from) + 8} y={axisHeight + 15}>{fitted(band.pbx, x(band.to) - x(band.from) - 16, 6.6)}</text>}
        </g>
      ))}
      {drawn.lanes.map(lane => <line key={lane.id} x1={0} x2={width} y1={top + lane.top - 0.5} y2={top + lane.top - 0.5} className={css.rule} />)}
      <g className={css.axis}>
        {ticks(drawn.length, width, markApart).map(at => (
          <g key={at}>
            <line x1={x(at)} x2={x(at)} y1={axisHeight - 5} y2={height} />
            {x(at) < width - 30 && <text x={x(at) + (at === 0 ? 4 : 0)} y={14} textAnchor={at === 0 ? 'start' : 'middle'}>{clock(at)}</text>}
          </g>
        ))}
      </g>
      {drawn.lanes.map(lane => (
        <g key={lane.id} transform={`translate(0 ${top + lane.top})`}>
          {lane.bars.map((bar, i) => <Mark key={i} bar={bar} lane={lane} x={x} hatch={hatch} />)}
        </g>
      ))}
      {drawn.arrows.map((arrow, i) => <Handover key={i} arrow={arrow} lanes={drawn.lanes} x={x} top={top} width={width} />)}
    </svg>
  )
})

interface Shape { top: number; height: number; least: number }

/** Thin rings, solid talk: heights within a lane. */
function shape(bar: Bar, lane: Lane): Shape {
  const middle = lane.height / 2
  const centred = (height: number, least = 2): Shape => ({ top: middle - height / 2, height, least })
  switch (bar.kind) {
    case 'presence': return centred(2, 1)
    case 'ring': return centred(lane.thin ? 5 : 6)
    case 'wait': return centred(14)
    case 'ivr': return centred(14, 1)
    case 'park': return centred(14)
    default: return centred(18)
  }
}

/** A pressed key: a small key with its letter, or some as one where they are too close. */
function Key({ bar, lane, x }: { bar: Bar; lane: Lane; x(ms: number): number }) {
  const letters = bar.other ?? ''
  const width = keySize + (letters.length - 1) * keyLetter
  const left = Math.max((x(bar.from) + x(bar.to)) / 2 - width / 2, 0.5)
  return (
    <g className={css.key}>
      <rect x={left} y={(lane.height - keySize) / 2} width={width} height={keySize} rx={3} />
      <text x={left + width / 2} y={lane.height / 2 + 4} textAnchor="middle">{letters}</text>
    </g>
  )
}

function Mark({ bar, lane, x, hatch }: { bar: Bar; lane: Lane; x(ms: number): number; hatch: string }) {
  if (bar.kind === 'digit') return <Key bar={bar} lane={lane} x={x} />
  const { top, height, least } = shape(bar, lane)
  const left = x(bar.from)
  const width = Math.max(x(bar.to) - left, least)
  const text = caption(bar, width)
  const inset = bar.kind === 'consult' ? 1 : 0
  return (
    <g className={css.mark} data-kind={bar.kind} data-result={bar.result} data-estimated={bar.estimated || undefined}>
      <rect x={left + inset} y={top + inset} width={Math.max(width - 2 * inset, 1)} height={height - 2 * inset} rx={bar.kind === 'presence' ? 1 : Math.min(3, width / 2)} fill={bar.kind === 'hold' ? `url(#${hatch})` : undefined} />
      {text && <text x={left + 6} y={top + height / 2 + 3.5}>{text}</text>}
    </g>
  )
}

/** A word or a time inside the bar, where it fits. */
function caption(bar: Bar, width: number): string {
  switch (bar.kind) {
    case 'ivr': return fitted(bar.other ?? '', width - 12, 6.2)
    case 'wait':
    case 'park':
    case 'talk':
    case 'hold':
    case 'consult': {
      const text = clock(bar.to - bar.from)
      return width > text.length * 6.5 + 12 ? text : ''
    }
    default: return ''
  }
}

function fitted(text: string, room: number, letter: number): string {
  const letters = Math.floor(room / letter)
  if (letters >= text.length) return text
  return letters >= 4 ? `${text.slice(0, letters - 1)}…` : ''
}

/** A transfer: from the lane of who gave the call away to the lane that got it. */
function Handover({ arrow, lanes, x, top, width }: { arrow: Arrow; lanes: Lane[]; x(ms: number): number; top: number; width: number }) {
  const middle = (id: string | null) => {
    const lane = lanes.find(l => l.id === id)
    return lane ? top + lane.top + lane.height / 2 : null
  }
  const from = middle(arrow.from)
  if (from === null) return null
  const at = x(arrow.at)
  const to = middle(arrow.to)
  const target = to === null || to === from ? from + 22 : to
  const down = target > from
  const tip = target + (down ? -9 : 9)
  const wing = down ? -6 : 6
  const right = at < width - 60
  return (
    <g className={css.handover} data-failed={(arrow.result !== '' && arrow.result !== 'completed') || undefined}>
      <path d={`M${at} ${from}V${tip}`} />
      <path d={`M${at - 5} ${tip + wing}L${at} ${tip}L${at + 5} ${tip + wing}`} />
      <circle cx={at} cy={from} r={3} />
      {(to === null || to === from) && <text x={at + (right ? 8 : -8)} y={target + 2} textAnchor={right ? 'start' : 'end'}>{arrow.target}</text>}
    </g>
  )
}
