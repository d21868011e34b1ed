import { Button, NumberInput, Select } from '@mantine/core'
import { IconFlask, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { t } from 'ttag'
import { useNames } from '../api/queries.ts'
import { useFormats } from '../format/intl.ts'
import type { Policy, Table } from './contract.ts'
import css from './Policies.module.css'
import { readPolicy, type ReportSearch, writePolicy } from './search.ts'
import type { Words } from './useReport.ts'
import { valueText } from './values.ts'

/** The formula of a variant, with the thresholds of a policy: after ICMI. */
export function variantText(variant: number, { threshold, short }: Pick<Policy, 'threshold' | 'short'>): string {
  switch (variant) {
    case 1: return t`(answered within ${threshold} s + abandoned within ${threshold} s) ÷ (answered + abandoned)`
    case 2: return t`answered within ${threshold} s ÷ answered`
    case 4: return t`answered within ${threshold} s ÷ (answered + abandoned after ${threshold} s)`
    case 5: return t`(answered within ${threshold} s + abandoned within ${short} s) ÷ (answered + abandoned)`
    default: return t`answered within ${threshold} s ÷ (answered + abandoned)`
  }
}

function shortsText({ variant, short, shorts }: Policy): string {
  if (variant === 5 || short === 0) return ''
  return shorts === 1 ? t`abandons below ${short} s are left out` : t`abandons below ${short} s count like every other`
}

interface Props { table: Table; search: ReportSearch; set(change: Partial<ReportSearch>): void; words: Words; whole: boolean }

/** How the service level was computed, and what it would be otherwise. Silent where no policy had a part. */
export function Policies({ table, search, set, words, whole }: Props) {
  const names = useNames()
  const formats = useFormats()
  const [trying, setTrying] = useState(false)
  const tried = readPolicy(search.policy)
  const usesPolicy = whole || table.columns.some(one => /^(service_level|sl[1-5]|answered_in|abandoned_in|short_)/.test(one.id))
  const [first, ...others] = table.policies
  const base = tried ?? first
  if (!usesPolicy || !base) return null
  const line = (p: Policy) => [variantText(p.variant, p), shortsText(p)].filter(Boolean).join('; ')
  return (
    <div className={css.policies}>
      <p>
        {tried ? <b>{t`What if:`} </b> : <b>{t`Service level:`} </b>}
        {line(base)}
        {!tried && base.target > 0 && <> · {t`target`} {valueText('share', base.target, formats)}</>}
        {!tried && others.length > 0 && <Others policies={others} line={line} name={names.queue} />}
        {' '}
        {tried ? <Button size="compact-xs" variant="subtle" leftSection={<IconX size={13} aria-hidden />} onClick={() => set({ policy: undefined })}>{t`As stored`}</Button> : !whole && <Button size="compact-xs" variant="subtle" leftSection={<IconFlask size={13} aria-hidden />} aria-expanded={trying} onClick={() => setTrying(o => !o)}>{t`What if`}</Button>}
      </p>
      {(trying || whole || tried) && <Try base={base} tried={tried !== undefined} apply={p => set({ policy: writePolicy(p), drill: undefined })} />}
      {whole && <Variants table={table} base={base} words={words} />}
    </div>
  )
}

function Others({ policies, line, name }: { policies: Policy[]; line(p: Policy): string; name(id: number): string }) {
  const formats = useFormats()
  return (
    <details className={css.others}>
      <summary>{t`and others`}</summary>
      <ul>
        {policies.map((p, i) => {
          const since = p.from > 0 ? formats.day(p.from) : ''
          return <li key={i}>{p.queue ? `${name(p.queue)}: ` : ''}{line(p)}{since && ` (${t`from ${since}`})`}</li>
        })}
      </ul>
    </details>
  )
}

function Try({ base, tried, apply }: { base: Policy; tried: boolean; apply(p: Policy): void }) {
  const change = (part: Partial<Policy>) => apply({ ...base, ...part })
  const number = (value: string | number) => (typeof value === 'number' && value >= 0 ? Math.round(value) : undefined)
  return (
    <div className={css.try} data-tried={tried || undefined} role="group" aria-label={t`Service level if it were computed otherwise`}>
      <NumberInput size="xs" label={t`Threshold, s`} min={1} max={3600} value={base.threshold} onChange={value => { const n = number(value); if (n && n !== base.threshold) change({ threshold: n }) }} />
      <NumberInput size="xs" label={t`Short abandon, s`} min={0} max={600} value={base.short} onChange={value => { const n = number(value); if (n !== undefined && n !== base.short) change({ short: n }) }} />
      <Select size="xs" label={t`Formula`} className={css.wide} data={[1, 2, 3, 4, 5].map(v => ({ value: String(v), label: `SL${v}: ${variantText(v, base)}` }))} value={String(base.variant)} onChange={value => change({ variant: Number(value) })} allowDeselect={false} />
      <Select size="xs" label={t`Short abandons`} data={[{ value: '0', label: t`count` }, { value: '1', label: t`are left out` }]} value={String(base.shorts)} onChange={value => change({ shorts: Number(value) })} allowDeselect={false} />
    </div>
  )
}

/** All five variants of the period side by side: one day of the same data gives them all. */
function Variants({ table, base, words }: { table: Table; base: Policy; words: Words }) {
  const formats = useFormats()
  const of = (id: string) => {
    const at = table.columns.findIndex(one => one.id === id)
    return at < 0 ? null : (table.totals[at] ?? null)
  }
  return (
    <ul className={css.variants} aria-label={t`All five formulas`}>
      {[1, 2, 3, 4, 5].map(v => (
        <li key={v} data-used={v === base.variant || undefined}>
          <span>{words.measure(`sl${v}`)?.title ?? `SL${v}`}{v === base.variant && <em>{t`in use`}</em>}</span>
          <b className="num">{valueText('share', of(`sl${v}`), formats)}</b>
          <p>{variantText(v, base)}</p>
        </li>
      ))}
    </ul>
  )
}
