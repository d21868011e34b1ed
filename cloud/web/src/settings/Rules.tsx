import { ActionIcon, Button, Select, Skeleton, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, type SubmitEvent, useRef, useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { rulesQuery } from '../api/queries.ts'
import type { ExtenRule, NumberKind } from '../api/types.ts'
import { ErrorState } from '../parts/States.tsx'
import { LeaveGuard } from '../parts/LeaveGuard.tsx'
import { Refused } from '../parts/Refused.tsx'
import { numberWord } from '../parts/words.ts'
import { InForce } from './InForce.tsx'
import css from './NumbersPage.module.css'
import { added, type Draft, draftOf, moved, rulesOf, same } from './rules.ts'

export const numberKinds: NumberKind[] = ['operator', 'queue', 'did', 'outside', 'service']
export const kindChoices = () => numberKinds.map(kind => ({ value: kind, label: numberWord(kind) }))

/** A station's rules: the first that matches decides. They are changed as a whole, when somebody saves. */
export function Rules({ station, administrator, hit }: { station: number; administrator: boolean; hit: number | undefined }) {
  const { data, isPending, isError, error, refetch } = useQuery(rulesQuery(station))
  return (
    <section className={css.part} aria-labelledby="rules">
      <h2 id="rules">{t`Rules`}</h2>
      <p className={css.quiet}>{t`What numbers are by their pattern, before what was learned. The first rule that matches decides. A pattern is a number, or is written as in the dialplan: _6XX, with X for any digit, Z for 1 to 9, N for 2 to 9, [1-4] for one of those, a dot for one or more of anything.`}</p>
      {isPending && <Skeleton height={120} />}
      {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
      {data && <Editor station={station} stored={data.rules} administrator={administrator} hit={hit} />}
    </section>
  )
}

function Editor({ station, stored, administrator, hit }: { station: number; stored: ExtenRule[]; administrator: boolean; hit: number | undefined }) {
  const client = useQueryClient()
  const [mine, setMine] = useState<Draft[] | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const drafts = mine ?? draftOf(stored)
  const changed = mine !== null && !same(rulesOf(mine), stored)
  const save = useMutation({
    mutationFn: () => api.setRules(station, rulesOf(drafts)),
    onSuccess: answer => {
      client.setQueryData(rulesQuery(station).queryKey, { rules: answer.rules })
      setMine(null)
    },
  })
  const change = (next: Draft[]) => {
    save.reset()
    setMine(next)
  }
  const move = (at: number, by: number) => change(moved(drafts, at, by))
  const remove = (at: number) => {
    change(drafts.filter((_, i) => i !== at))
    list.current?.focus()
  }
  return (
    <>
      {drafts.length === 0 && <p className={css.quiet}>{t`No rules: numbers are judged by what was learned.`}</p>}
      {drafts.length > 0 && (
        <ol className={css.rules} ref={list} tabIndex={-1} aria-label={t`Rules, the first that matches decides`}>
          {drafts.map(({ key, rule }, i) => (
            <RuleRow key={key} rule={rule} at={i} count={drafts.length} hit={!changed && hit === i + 1} act={administrator ? { move: by => move(i, by), remove: () => remove(i) } : null} />
          ))}
        </ol>
      )}
      {administrator && <AddRule add={rule => change(added(drafts, rule))} />}
      <Refused problem={save.error} />
      {changed && (
        <div className={css.save} role="status">
          <span>{t`Not saved yet.`}</span>
          <Button size="xs" variant="default" onClick={() => { setMine(null); save.reset() }}>{t`Discard`}</Button>
          <Button size="xs" loading={save.isPending} onClick={() => save.mutate()}>{t`Save the rules`}</Button>
        </div>
      )}
      <LeaveGuard unsaved={changed} />
      {save.data && <InForce decided={save.data.in_force} />}
    </>
  )
}

interface Act { move(by: number): void; remove(): void }

function RuleRow({ rule, at, count, hit, act }: { rule: ExtenRule; at: number; count: number; hit: boolean; act: Act | null }) {
  const { pattern } = rule
  const key = (event: KeyboardEvent) => {
    const by = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined
    if (!by || !act) return
    act.move(by)
    event.preventDefault()
  }
  return (
    <li className={css.rule} data-hit={hit || undefined}>
      <span className={`${css.position} num`}>{at + 1}</span>
      <code>{pattern}</code>
      <span className={css.kind}>{numberWord(rule.kind)}</span>
      <span className={`${css.quiet} ${css.note}`}>{rule.note}</span>
      {act && (
        <span className={css.tools} onKeyDown={key}>
          <ActionIcon variant="subtle" color="gray" aria-label={t`Move ${pattern} up`} title={t`Up (Alt ↑)`} aria-disabled={at === 0} onClick={() => act.move(-1)}><IconArrowUp size={17} stroke={1.6} /></ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label={t`Move ${pattern} down`} title={t`Down (Alt ↓)`} aria-disabled={at === count - 1} onClick={() => act.move(1)}><IconArrowDown size={17} stroke={1.6} /></ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label={t`Remove the rule ${pattern}`} onClick={act.remove}><IconTrash size={17} stroke={1.6} /></ActionIcon>
        </span>
      )}
    </li>
  )
}

function AddRule({ add }: { add(rule: ExtenRule): void }) {
  const [pattern, setPattern] = useState('')
  const [kind, setKind] = useState<NumberKind>('queue')
  const [note, setNote] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!pattern.trim()) return
    add({ pattern: pattern.trim(), kind, ...(note.trim() && { note: note.trim() }) })
    setPattern('')
    setNote('')
  }
  return (
    <form className={css.add} onSubmit={submit} aria-label={t`Add a rule`}>
      <TextInput size="xs" label={t`Pattern`} placeholder="_6XX" value={pattern} onChange={event => setPattern(event.currentTarget.value)} maxLength={81} />
      <Select size="xs" label={t`Is`} data={kindChoices()} value={kind} onChange={value => setKind(numberKinds.find(one => one === value) ?? kind)} allowDeselect={false} comboboxProps={{ width: 'max-content', position: 'bottom-start', shadow: 'md' }} />
      <TextInput size="xs" className={css.grow} label={t`Note`} value={note} onChange={event => setNote(event.currentTarget.value)} maxLength={200} />
      <Button size="xs" type="submit" variant="default" leftSection={<IconPlus size={15} aria-hidden />} disabled={!pattern.trim()}>{t`Add a rule`}</Button>
    </form>
  )
}
