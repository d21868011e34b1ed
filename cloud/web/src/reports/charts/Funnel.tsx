import type { Drawn } from './Chart.tsx'
import css from './Chart.module.css'
import { valueText } from '../values.ts'

/** What became of those at the top, stage by stage; in the order in which it happens, as far as the columns are shown. */
const stages = [
  ['inbound', 'offered', 'answered', 'answered_in', 'abandoned'],
  ['lost_calls', 'retried', 'reached', 'never_reached'],
]
const lost = new Set(['abandoned', 'never_reached'])

export function Funnel({ table, words, formats, drill }: Drawn) {
  const value = (id: string) => {
    const at = table.columns.findIndex(one => one.id === id)
    return at < 0 ? null : (table.totals[at] ?? null)
  }
  const shown = (stages.find(all => all.filter(id => value(id) !== null).length > 1) ?? []).filter(id => value(id) !== null)
  const top = Math.max(...shown.map(id => value(id) ?? 0), 1)
  const [first] = shown
  if (!first) return null
  return (
    <ul className={css.stages}>
      {shown.map(id => {
        const n = value(id) ?? 0
        const of = value(first) ?? 0
        const column = table.columns.find(one => one.id === id)
        return (
          <li key={id} data-lost={lost.has(id) || undefined}>
            <span>{words.measure(id)?.title ?? id}</span>
            {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- the table below is the way by keyboard */}
            <i className={column?.drill ? css.hit : undefined} style={{ width: `${(n / top) * 100}%` }} onClick={column?.drill ? () => drill(null, id) : undefined} />
            <span className="num"><b>{valueText('count', n, formats)}</b>{id !== first && of > 0 && <span>{valueText('share', n / of, formats)}</span>}</span>
          </li>
        )
      })}
    </ul>
  )
}
