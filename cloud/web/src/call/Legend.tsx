import { c } from 'ttag'
import type { BarKind, Layout } from './layout.ts'
import css from './Legend.module.css'

/** What the marks mean: only of those that are drawn. */
export function Legend({ drawn }: { drawn: Layout }) {
  const bars = drawn.lanes.flatMap(lane => lane.bars)
  const has = (kind: BarKind) => bars.some(bar => bar.kind === kind)
  const words: [BarKind | 'transfer' | 'estimated', string, boolean][] = [
    ['wait', c('legend').t`Waiting`, has('wait')],
    ['park', c('legend').t`Parked`, has('park')],
    ['ring', c('legend').t`Ringing`, has('ring')],
    ['talk', c('legend').t`Talk`, has('talk')],
    ['hold', c('legend').t`Hold`, has('hold')],
    ['consult', c('legend').t`Consultation`, has('consult')],
    ['digit', c('legend').t`Key pressed`, has('digit')],
    ['transfer', c('legend').t`Transfer`, drawn.arrows.length > 0],
    ['estimated', c('legend').t`Estimated`, bars.some(bar => bar.estimated)],
  ]
  return (
    <ul className={css.legend}>
      {words.filter(([, , shown]) => shown).map(([kind, word]) => (
        <li key={kind}>
          <i data-kind={kind} aria-hidden />
          {word}
        </li>
      ))}
    </ul>
  )
}
