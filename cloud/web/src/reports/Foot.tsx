import { t } from 'ttag'
import { useFormats } from '../format/intl.ts'
import css from './Foot.module.css'
import type { Table } from './contract.ts'
import type { Made } from './engine/protocol.ts'
import type { ReportSearch } from './search.ts'
import type { Question, Words } from './useReport.ts'

/** What a reader has to know of the figures, how old they are, and every formula for the print. */
export function Foot({ table, words, question, made, search }: { table: Table; words: Words; question: Question; made: Made; search: ReportSearch }) {
  const formats = useFormats()
  const at = formats.time(made.fetched)
  const count = search.count === 'answer' ? t`Rows count when they were answered.` : search.count === 'end' ? t`Rows count when they ended.` : t`Rows count when they arrived.`
  const zones = formats.list(table.zones.map(zone => zone.replaceAll('_', ' ')))
  const before = question.query.before
  const [from, to] = before ? [formats.moment(before.from), formats.moment(before.to)] : ['', '']
  return (
    <footer className={css.foot}>
      <ul>
        {table.notes.map(code => words.note(code)).filter(Boolean).map(text => <li key={text}>{text}</li>)}
        <li>{count} {zones && t`Hours and days by the clocks of ${zones}.`}</li>
        {before && <li>{t`Compared with ${from} – ${to}.`}</li>}
        <li>{question.live ? t`Counted up to ${at}; it follows by itself every minute.` : t`Counted at ${at}.`}</li>
      </ul>
      <dl className={css.formulas}>
        {table.columns.map(({ id }) => words.measure(id)).filter(one => one !== undefined).map(one => (
          <div key={one.id}><dt>{one.title}</dt><dd>{one.formula}{one.source && ` (${one.source})`}</dd></div>
        ))}
      </dl>
    </footer>
  )
}
