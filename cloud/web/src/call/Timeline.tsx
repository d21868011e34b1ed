import { ActionIcon, Tooltip } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { t } from 'ttag'
import { useNow } from '../app/useToday.ts'
import { Drawing, axisHeight, bandHeight } from './Drawing.tsx'
import { Labels } from './Labels.tsx'
import { layout } from './layout.ts'
import { Legend } from './Legend.tsx'
import { Readout, useTell } from './Readout.tsx'
import type { Story } from './story.ts'
import css from './Timeline.module.css'

const zooms = [1, 2, 4, 8, 16, 32] as const
/** A drawing narrower than this scrolls instead of shrinking. */
const leastWidth = 560
/** Rings closer than so many pixels are drawn as one. */
const closestPixels = 1.5
/** As wide as a key is drawn, and a little air. */
const keyPixels = 18
/** The pointer takes hold of a beginning or end this near. */
const snapPixels = 6

interface Props {
  story: Story
  /** The chosen moment, in ms from the start of the call. */
  selected: number | undefined
  select(at: number | undefined): void
}

export function Timeline({ story, selected, select }: Props) {
  const { ref, width: room } = useElementSize()
  const [zoom, setZoom] = useState(0)
  const [unfolded, setUnfolded] = useState(false)
  const [pointed, setPointed] = useState<number | null>(null)
  const now = useNow(story.open ? 1000 : 3_600_000)
  const width = Math.max(room, leastWidth) * (zooms[zoom] ?? 1)
  const length = useMemo(() => layout(story, { now, unfolded }).length, [story, now, unfolded])
  const drawn = useMemo(() => layout(story, { now, unfolded, closest: (closestPixels / width) * length, keyRoom: (keyPixels / width) * length }), [story, now, unfolded, width, length])
  const scroller = useRef<HTMLDivElement>(null)
  useKeepCentre(scroller, width, pointed ?? selected ?? 0, drawn.length)
  const tell = useTell(story, drawn)

  const at = pointed ?? selected ?? null
  const under = (event: PointerEvent<Element>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return snap(((event.clientX - box.left) / box.width) * drawn.length, drawn.moments, (snapPixels / width) * drawn.length)
  }
  const key = (event: KeyboardEvent) => {
    const from = at ?? 0
    const next = {
      ArrowRight: () => drawn.moments.find(m => m > from + 0.5) ?? drawn.length,
      ArrowLeft: () => drawn.moments.findLast(m => m < from - 0.5) ?? 0,
      PageDown: () => Math.min(from + drawn.length / 10, drawn.length),
      PageUp: () => Math.max(from - drawn.length / 10, 0),
      Home: () => 0,
      End: () => drawn.length,
    }[event.key]
    if (next) setPointed(next())
    else if (event.key === 'Enter' || event.key === ' ') select(from)
    else if (event.key === 'Escape' && selected !== undefined) {
      select(undefined)
      setPointed(null)
      event.stopPropagation()
    } else return
    event.preventDefault()
  }
  return (
    <section className={css.timeline} aria-label={t`Timeline`}>
      <div className={css.bar}>
        <Readout told={at === null ? null : tell(at)} />
        <div className={css.tools}>
          <Tooltip label={t`Zoom out`}>
            <ActionIcon variant="subtle" color="gray" disabled={zoom === 0} aria-label={t`Zoom out`} onClick={() => setZoom(z => z - 1)}><IconZoomOut size={18} stroke={1.6} /></ActionIcon>
          </Tooltip>
          <Tooltip label={t`Zoom in`}>
            <ActionIcon variant="subtle" color="gray" disabled={zoom === zooms.length - 1} aria-label={t`Zoom in`} onClick={() => setZoom(z => z + 1)}><IconZoomIn size={18} stroke={1.6} /></ActionIcon>
          </Tooltip>
        </div>
      </div>
      <div className={css.chart}>
        <Labels story={story} drawn={drawn} top={axisHeight + (drawn.bands.length > 1 ? bandHeight : 0)} unfolded={unfolded} toggle={() => setUnfolded(u => !u)} />
        <div className={css.scroller} ref={scroller}>
          <div ref={ref} className={css.measure} />
          <div
            role="slider"
            tabIndex={0}
            className={css.surface}
            aria-label={t`Moment of the call`}
            aria-valuemin={0}
            aria-valuemax={Math.round(drawn.length / 1000)}
            aria-valuenow={Math.round((at ?? 0) / 1000)}
            aria-valuetext={tell(at ?? 0).spoken}
            style={{ width }}
            onKeyDown={key}
            onBlur={() => setPointed(null)}
            onPointerMove={event => setPointed(under(event))}
            onPointerLeave={() => setPointed(null)}
            onClick={event => select(snap(((event.clientX - event.currentTarget.getBoundingClientRect().left) / width) * drawn.length, drawn.moments, (snapPixels / width) * drawn.length))}
          >
            <Drawing drawn={drawn} width={width} />
            {pointed !== null && <Cursor at={pointed} length={drawn.length} />}
            {selected !== undefined && selected <= drawn.length && <Cursor at={selected} length={drawn.length} pinned />}
          </div>
        </div>
      </div>
      <Legend drawn={drawn} />
    </section>
  )
}

function Cursor({ at, length, pinned }: { at: number; length: number; pinned?: boolean }) {
  return <i className={css.cursor} data-pinned={pinned || undefined} style={{ left: `${(at / length) * 100}%` }} aria-hidden />
}

function snap(at: number, moments: number[], reach: number): number {
  let best = at
  let distance = reach
  for (const moment of moments) {
    const far = Math.abs(moment - at)
    if (far < distance) {
      best = moment
      distance = far
    }
  }
  return best
}

/** Zooming keeps the moment one looks at where it is. */
function useKeepCentre(scroller: React.RefObject<HTMLDivElement | null>, width: number, at: number, length: number): void {
  const before = useRef(width)
  useLayoutEffect(() => {
    const box = scroller.current
    if (!box || before.current === width) return
    const ratio = width / before.current
    const centre = at > 0 ? (at / length) * before.current : box.scrollLeft + box.clientWidth / 2
    box.scrollLeft += centre * ratio - centre
    before.current = width
  }, [scroller, width, at, length])
}
