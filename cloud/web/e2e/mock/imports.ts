import type { Import, ImportDifference } from '../../src/api/types.ts'

/* Imports of logs: one that is done, one that only looked, one that failed. */

const day = 86_400_000
const none = { calls: 0, new: 0, replaced: 0, same: 0, kept: 0, heard: 0, equal: 0, different: 0, only_in_logs: 0, written: 0, states: 0, shown: 0, unknown: [], first: null, last: null }
const whole = { outside: 0, broken: 0, foreign: 0, doubled: 0, problems: [], unfinished: '' }

export function makeImports(now: number): Import[] {
  const at = (days: number) => new Date(now - days * day).toISOString()
  const one = (id: number, more: Partial<Import>): Import => ({ id: `00000000-0000-4000-8000-00000000000${id}`, pbx: 1, state: 'done', dry_run: false, asked_by: 'Vera Romanova', zone: 'Europe/Moscow', from: null, to: null, started: at(2), ended: at(2), files: [], counts: none, ...more })
  return [
    one(1, {
      counts: { ...none, calls: 41_207, new: 38_912, heard: 2295, equal: 2281, different: 14, written: 38_912, states: 6120, shown: 5, first: at(120), last: at(29), unknown: [{ name: 'Olga Vetrova', rings: 212 }] },
      files: [
        { ...whole, name: 'queue_log', kind: 'queue_log', lines: 310_224, rows: 310_221, broken: 3, doubled: 61, first: at(120), last: at(29), problems: [{ line: 1204, text: '17953854|pbx-a-1795385', flaw: 'few_fields', what: '' }, { line: 88_110, text: 'x795385476|pbx-a-1795385476.0|600|NONE|ENTERQUEUE||7916|1', flaw: 'no_time', what: 'x795385476' }] },
        { ...whole, name: 'Master.csv.1.gz', kind: 'cel', lines: 2_104_559, rows: 2_104_559, first: at(120), last: at(29), unfinished: 'unexpected EOF' },
      ],
    }),
    one(2, { pbx: 2, dry_run: true, started: at(3), counts: { ...none, calls: 905, new: 905, first: at(60), last: at(31) }, files: [{ ...whole, name: 'cdr.csv', kind: 'cdr', lines: 1811, rows: 1811, foreign: 40, first: at(60), last: at(31) }] }),
    one(3, { state: 'failed', started: at(3.1), files: [{ ...whole, name: 'cdr.csv', kind: 'cdr', lines: 1811, rows: 1811, first: at(60), last: at(31) }], failure: { code: 'wrong_zone', file: 'cdr.csv', detail: '+3:00' } }),
  ]
}

export function differencesOf(run: Import, call: string): ImportDifference[] {
  const start = run.counts.last ?? run.started
  const rows: Partial<ImportDifference>[] = [
    { figure: 'talk', stored: '61.2', logged: '148.0', reason: 'after_transfer' },
    { figure: 'hold', stored: '12.4', logged: '0.0', reason: 'no_holds' },
    { figure: 'result', stored: 'join_empty', logged: 'timeout', reason: 'refused_unseen' },
    { figure: 'queues', stored: '600 answered', logged: '600 abandoned', reason: '' },
    { kind: 'split', figure: 'calls', stored: '1', logged: '101 → 104', reason: 'no_consultation' },
  ]
  return rows.slice(0, run.counts.shown).map((row, i) => ({ n: i + 1, call, start, caller: '79161234501', kind: 'figures', figure: '', stored: '', logged: '', reason: '', ...row }))
}
