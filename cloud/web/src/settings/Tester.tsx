import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import type { NumberVerdict } from '../api/types.ts'
import { Refused } from '../parts/Refused.tsx'
import { numberWord } from '../parts/words.ts'
import css from './NumbersPage.module.css'

/** Asks what one number is and why; tells the page which rule said so. */
export function Tester({ station, told }: { station: number; told(verdict: NumberVerdict | undefined): void }) {
  const [number, setNumber] = useState('')
  const ask = useMutation({ mutationFn: () => api.judge(station, number.trim()), onSuccess: told })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (number.trim()) ask.mutate()
  }
  const verdict = ask.data
  return (
    <section className={css.part} aria-labelledby="what-is">
      <h2 id="what-is">{t`What is this number?`}</h2>
      <form className={css.ask} onSubmit={submit}>
        <TextInput size="xs" aria-label={t`Number to be judged`} placeholder="84950000700" value={number} inputMode="tel" maxLength={80} onChange={event => { setNumber(event.currentTarget.value); ask.reset(); told(undefined) }} />
        <Button size="xs" type="submit" variant="default" loading={ask.isPending} disabled={!number.trim()}>{t`Ask`}</Button>
      </form>
      <Refused problem={ask.error} />
      <div role="status">{verdict && <p className={css.verdict}><b>{verdict.number}: {numberWord(verdict.kind)}.</b> {verdict.why}</p>}</div>
    </section>
  )
}
