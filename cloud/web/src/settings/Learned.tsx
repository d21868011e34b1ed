import { ActionIcon, Button, Select, Skeleton, TextInput } from '@mantine/core'
import { IconPencil, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { numbersQuery } from '../api/queries.ts'
import type { DialledNumber, InForce as Decided, NumberKind } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { ErrorState } from '../parts/States.tsx'
import { numberWord } from '../parts/words.ts'
import { InForce } from './InForce.tsx'
import css from './NumbersPage.module.css'
import { kindChoices, numberKinds } from './Rules.tsx'

type Dialog = { number: DialledNumber | null } | null

/** Numbers that were learned, and what somebody said of single ones. */
export function Learned({ station, administrator }: { station: number; administrator: boolean }) {
  const { data, isPending, isError, error, refetch } = useQuery(numbersQuery)
  const [dialog, setDialog] = useState<Dialog>(null)
  const [decided, setDecided] = useState<Decided | null>(null)
  const numbers = data?.numbers.filter(one => one.station === station) ?? []
  return (
    <section className={css.part} aria-labelledby="learned">
      <h2 id="learned">{t`Numbers that were seen or corrected`}</h2>
      <p className={css.quiet}>{t`Numbers the outside calls in by and service codes, as calls taught them. A correction of one number goes before all rules.`}</p>
      {isPending && <Skeleton height={120} />}
      {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
      {data && numbers.length === 0 && <p className={css.quiet}>{t`None yet: they appear with the first calls from outside.`}</p>}
      {numbers.length > 0 && (
        <ul className={css.learned}>
          {numbers.map(one => <NumberRow key={one.number} number={one} edit={administrator ? () => setDialog({ number: one }) : null} />)}
        </ul>
      )}
      {administrator && data && <div><Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setDialog({ number: null })}>{t`Say what a number is`}</Button></div>}
      {decided && <InForce decided={decided} />}
      {dialog && <CorrectNumber station={station} number={dialog.number} close={() => setDialog(null)} done={setDecided} />}
    </section>
  )
}

function NumberRow({ number, edit }: { number: DialledNumber; edit: (() => void) | null }) {
  const formats = useFormats()
  const { correction } = number
  const seen = number.last_seen ? formats.day(number.last_seen) : ''
  const learned = [numberWord(number.kind), number.name].filter(Boolean).join(', ')
  return (
    <li className={css.number}>
      <b className="num">{number.number}</b>
      <span>{correction ? <>{numberWord(correction.decided)} <span className={css.said}>{t`as somebody said`}</span></> : learned}</span>
      <span className={css.quiet}>{[correction?.note, correction && number.last_seen ? t`learned as: ${learned}` : '', number.how === 'rule' && !correction ? t`by a rule` : '', seen && t`last seen ${seen}`].filter(Boolean).join(' · ')}</span>
      {edit && <ActionIcon variant="subtle" color="gray" aria-label={t`Correct ${number.number}`} onClick={edit}><IconPencil size={17} stroke={1.6} /></ActionIcon>}
    </li>
  )
}

function CorrectNumber({ station, number, close, done }: { station: number; number: DialledNumber | null; close(): void; done(decided: Decided): void }) {
  const client = useQueryClient()
  const [typed, setTyped] = useState(number?.number ?? '')
  const [kind, setKind] = useState<NumberKind>(numberKinds.find(one => one === (number?.correction?.decided ?? number?.kind)) ?? 'did')
  const [note, setNote] = useState(number?.correction?.note ?? '')
  const onSuccess = async (answer: Decided) => {
    await client.invalidateQueries({ queryKey: numbersQuery.queryKey })
    done(answer)
    close()
  }
  const save = useMutation({ mutationFn: () => api.correctNumber({ station, number: typed.trim(), kind, note: note.trim() }), onSuccess })
  const takeBack = useMutation({ mutationFn: () => api.uncorrectNumber(station, typed), onSuccess })
  return (
    <FormDialog title={number ? t`What is ${number.number}?` : t`Say what a number is`} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error ?? takeBack.error} ready={typed.trim() !== ''}>
      {!number && <TextInput data-autofocus label={t`Number`} description={t`One number. For many at once make a rule with a pattern.`} value={typed} inputMode="tel" onChange={event => setTyped(event.currentTarget.value)} maxLength={40} required withAsterisk={false} />}
      <Select label={t`It is`} data={kindChoices()} value={kind} onChange={value => setKind(numberKinds.find(one => one === value) ?? kind)} allowDeselect={false} />
      <TextInput label={t`Why`} description={t`For whoever asks later`} value={note} onChange={event => setNote(event.currentTarget.value)} maxLength={200} />
      {number?.correction && <div><Button size="xs" variant="default" loading={takeBack.isPending} onClick={() => takeBack.mutate()}>{t`Take the correction back`}</Button></div>}
    </FormDialog>
  )
}
