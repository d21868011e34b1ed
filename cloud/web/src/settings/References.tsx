import { Button, CloseButton, Skeleton, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { referencesQuery } from '../api/queries.ts'
import { ErrorState } from '../parts/States.tsx'
import { Refused } from '../parts/Refused.tsx'
import { InForce } from './InForce.tsx'
import css from './NumbersPage.module.css'

/** Channel variables that carry a reference from one PBX to the next. */
export function References({ administrator }: { administrator: boolean }) {
  const client = useQueryClient()
  const { data, isPending, isError, error, refetch } = useQuery(referencesQuery)
  const [typed, setTyped] = useState('')
  const names = data?.names ?? []
  const save = useMutation({
    mutationFn: (next: string[]) => api.setReferences(next),
    onSuccess: answer => {
      client.setQueryData(referencesQuery.queryKey, { names: answer.names })
      setTyped('')
    },
  })
  const add = (event: SubmitEvent) => {
    event.preventDefault()
    const name = typed.trim()
    if (name && !names.includes(name)) save.mutate([...names, name])
  }
  return (
    <section className={css.part} aria-labelledby="references">
      <h2 id="references">{t`References between PBXs`}</h2>
      <p className={css.quiet}>{t`Channel variables in which your dialplan hands a reference from one PBX to the next, besides the usual ones. Both halves of a call that show the same value are joined for certain.`}</p>
      {isPending && <Skeleton height={32} />}
      {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
      {data && names.length === 0 && <p className={css.quiet}>{t`None of your own.`}</p>}
      {names.length > 0 && (
        <ul className={css.chips}>
          {names.map(name => (
            <li key={name} className={css.chip} data-still={!administrator || undefined}>
              {name}
              {administrator && <CloseButton size="xs" aria-label={t`Remove ${name}`} disabled={save.isPending} onClick={() => save.mutate(names.filter(one => one !== name))} />}
            </li>
          ))}
        </ul>
      )}
      {administrator && data && (
        <form className={css.ask} onSubmit={add}>
          <TextInput size="xs" aria-label={t`Name of a variable`} placeholder="X_CALL_REF" value={typed} onChange={event => { setTyped(event.currentTarget.value); save.reset() }} maxLength={80} />
          <Button size="xs" type="submit" variant="default" leftSection={<IconPlus size={15} aria-hidden />} loading={save.isPending} disabled={!typed.trim()}>{t`Add a variable`}</Button>
        </form>
      )}
      <Refused problem={save.error} />
      {save.data && <InForce decided={save.data.in_force} />}
    </section>
  )
}
