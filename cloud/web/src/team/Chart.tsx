import { useElementSize } from '@mantine/hooks'
import { type KeyboardEvent, type PointerEvent, memo, useMemo, useState } from 'react'
import { t } from 'ttag'
import { useNames } from '../api/queries.ts'
import { clock } from '../format/duration.ts'
import { useFormats } from '../format/intl.ts'
import { stateWord } from '../parts/words.ts'
import { at, type Bar, hoursOf, type Kind, type Lane, moments, pausesOf, type Window } from './day.ts'
import css from './TeamPage.module.css'

const hour = 3_600_000
/** Hours closer than so many pixels are named less often. */
const tickPixels = 52

interface Pointed { lane: number; moment: number }

/** A lane per operator: the device's states, and below them each queue with its pauses. */
export function Chart({ lanes, window, now, live }: { lanes: Lane[]; window: Window; now: number; live: boolean }) {
  const { ref, width } = useElementSize()
  const span = useMemo(() => hoursOf(lanes, window, now), [lanes, window, now])
  const [pointed, setPointed] = useState<Pointed | null>(null)
  const [active, setActive] = useState(0)
  const lane = pointed && lanes[pointed.lane]
  const hours = (span.to - span.from) / hour
  const step = [1, 2, 3, 4, 6].find(n => (width / hours) * n >= tickPixels) ?? 6
  const ticks = Array.from({ length: Math.floor(hours) + 1 }, (_, i) => span.from + i * hour).filter((_, i) => i % step === 0)
  const place = (moment: number) => `${((moment - span.from) / (span.to - span.from)) * 100}%`
  return (
    <>
      <div className={css.bar}>
        <Readout lane={lane ?? null} moment={pointed?.moment ?? 0} />
        <Legend lanes={lanes} />
      </div>
      <div className={css.scroller} tabIndex={-1} onPointerLeave={() => setPointed(null)}>
        <div className={css.chart}>
          <div className={css.axis} aria-hidden>
            <div />
            <div className={css.ticks} ref={ref}><Ticks ticks={ticks} place={place} /></div>
          </div>
          {lanes.map((one, i) => (
            <Row key={one.operator} lane={one} at={i} count={lanes.length} span={span} ticks={ticks} now={live ? now : null} cursor={pointed?.lane === i ? pointed.moment : null} stop={Math.min(active, lanes.length - 1) === i} point={moment => { setPointed({ lane: i, moment }); setActive(i) }} leave={() => setPointed(null)} />
          ))}
        </div>
      </div>
    </>
  )
}

function Ticks({ ticks, place }: { ticks: number[]; place(moment: number): string }) {
  const formats = useFormats()
  return <>{ticks.map(tick => <span key={tick} className="num" style={{ left: place(tick) }}>{formats.minute(tick)}</span>)}</>
}

interface RowProps { lane: Lane; at: number; count: number; span: Window; ticks: number[]; now: number | null; cursor: number | null; stop: boolean; point(moment: number): void; leave(): void }

/** A lane is read by pointer or, as a slider of its moments, by keyboard: arrows sideways go from change to change, up and down to the next operator. */
function Row({ lane, at: index, count, span, ticks, now, cursor, stop, point, leave }: RowProps) {
  const names = useNames()
  const tell = useTell()
  const place = (moment: number) => `${((moment - span.from) / (span.to - span.from)) * 100}%`
  const under = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    point(Math.min(Math.max(span.from + ((event.clientX - box.left) / box.width) * (span.to - span.from), span.from), span.to))
  }
  const moment = cursor ?? Math.max(span.from, lane.queues[0]?.logins[0]?.from ?? lane.device[0]?.from ?? span.from)
  const key = (event: KeyboardEvent<HTMLElement>) => {
    const stops = moments(lane).filter(one => one >= span.from && one <= span.to)
    const next = { ArrowRight: () => stops.find(one => one > moment) ?? span.to, ArrowLeft: () => stops.findLast(one => one < moment) ?? span.from, Home: () => span.from, End: () => span.to }[event.key]
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (next) point(next())
    else if (by && index + by >= 0 && index + by < count) event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[data-lane]')[index + by]?.focus()
    else return
    event.preventDefault()
  }
  const name = lane.people.join(', ') || names.operator(lane.operator)
  return (
    <div
      role="slider"
      tabIndex={stop ? 0 : -1}
      data-lane
      className={css.lane}
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={Math.round((span.to - span.from) / 1000)}
      aria-valuenow={Math.round((moment - span.from) / 1000)}
      aria-valuetext={tell(lane, moment)}
      onKeyDown={key}
      onFocus={() => point(moment)}
      onBlur={leave}
    >
      <div className={css.name}>
        <Name lane={lane} />
        {lane.queues.map(({ queue }) => <span key={queue} className={css.queue}>{queue === null ? t`pool of agents` : names.queue(queue)}</span>)}
      </div>
      <div className={css.track} onPointerMove={under} onPointerDown={under}>
        {ticks.map(tick => <i key={tick} className={css.hour} style={{ left: place(tick) }} />)}
        <Bars lane={lane} span={span} />
        {now !== null && now > span.from && now <= span.to && <i className={css.now} style={{ left: place(now) }} />}
        {cursor !== null && <i className={css.cursor} style={{ left: place(cursor) }} />}
      </div>
    </div>
  )
}

export function Name({ lane }: { lane: Lane }) {
  const names = useNames()
  const one = names.directory.operators.find(other => other.id === lane.operator)
  const device = names.operator(lane.operator)
  const person = lane.people.join(', ')
  return <span className={css.who}>{person || device}{one && one.number !== (person || device) && <small className="num">{one.number}</small>}</span>
}

/** What is drawn over what: a call hides a pause, a pause hides that the device is free. */
const layers: Kind[] = ['idle', 'unreachable', 'paused', 'wrap_up', 'ringing', 'on_hold', 'busy']

const Bars = memo(function Bars({ lane, span }: { lane: Lane; span: Window }) {
  const device = [...lane.device, ...lane.wraps, ...pausesOf(lane)].sort((a, b) => layers.indexOf(a.kind) - layers.indexOf(b.kind))
  return (
    <>
      <div className={css.line}>{device.map(bar => <Block key={bar.id} bar={bar} span={span} />)}</div>
      {lane.queues.map(({ queue, logins, pauses }) => <div key={queue} className={css.line} data-login>{[...logins, ...pauses].map(bar => <Block key={bar.id} bar={bar} span={span} />)}</div>)}
    </>
  )
})

function Block({ bar, span }: { bar: Bar; span: Window }) {
  const length = span.to - span.from
  const from = Math.max(bar.from, span.from)
  const to = Math.min(bar.to, span.to)
  if (to <= from) return null
  return <i className={css.block} data-kind={bar.kind} data-estimated={bar.estimated || undefined} data-open={bar.open || undefined} style={{ left: `${((from - span.from) / length) * 100}%`, width: `${((to - from) / length) * 100}%` }} />
}

function Readout({ lane, moment }: { lane: Lane | null; moment: number }) {
  const names = useNames()
  const tell = useTell()
  if (!lane) return <p className={`${css.readout} ${css.quiet}`}>{t`Point at a lane, or move through it with the arrows, to read what was so at that moment.`}</p>
  return <p className={css.readout}><b>{lane.people.join(', ') || names.operator(lane.operator)}</b><span className={css.said}>{tell(lane, moment)}</span></p>
}

/** A moment of a lane in words. */
function useTell(): (lane: Lane, moment: number) => string {
  const formats = useFormats()
  const names = useNames()
  return (lane, moment) => {
    const all = at(lane, moment)
    const found = all.some(bar => bar.kind !== 'idle' && bar.kind !== 'logged_in') ? all.filter(bar => bar.kind !== 'idle') : all
    const queue = (bar: Bar) => (bar.queue === null ? '' : names.queue(bar.queue))
    const done = found.filter(bar => bar.kind !== 'logged_in').map(bar => {
      const since = formats.time(bar.from)
      const length = clock(bar.to - bar.from)
      const what = [stateWord(bar.kind), queue(bar), bar.reason].filter(Boolean).join(', ')
      const told = bar.open ? t`${what} since ${since}, ${length} so far` : t`${what} since ${since}, ${length} in all`
      return bar.estimated ? t`${told} (estimated)` : told
    })
    const logins = [...new Set(found.filter(bar => bar.kind === 'logged_in').map(bar => queue(bar) || t`pool of agents`))]
    const list = logins.join(', ')
    return [formats.time(moment), ...done, logins.length > 0 ? t`logged in: ${list}` : t`not logged in`].join(' · ')
  }
}

function Legend({ lanes }: { lanes: Lane[] }) {
  const there = useMemo(() => new Set(lanes.flatMap(lane => [...lane.device, ...lane.wraps, ...pausesOf(lane), ...lane.queues.flatMap(one => one.logins)].map(bar => bar.kind))), [lanes])
  const estimated = useMemo(() => lanes.some(lane => [...lane.device, ...lane.queues.flatMap(one => one.logins)].some(bar => bar.estimated)), [lanes])
  const kinds: Kind[] = ['logged_in', 'paused', 'ringing', 'busy', 'on_hold', 'wrap_up', 'idle', 'unreachable']
  return (
    <ul className={css.legend} aria-label={t`Legend`}>
      {kinds.filter(kind => there.has(kind)).map(kind => <li key={kind}><i className={css.block} data-kind={kind} />{stateWord(kind)}</li>)}
      {estimated && <li><i className={css.block} data-kind="busy" data-estimated />{t`estimated`}</li>}
    </ul>
  )
}
