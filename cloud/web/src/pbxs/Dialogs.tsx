import { Button, Modal, Skeleton, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useEffect, useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { pbxsQuery } from '../api/queries.ts'
import type { PBX } from '../api/types.ts'
import { Refused } from '../parts/Refused.tsx'
import css from './Dialogs.module.css'
import { Install } from './Install.tsx'

/** A token for a PBX that exists: a new machine, or an agent that was revoked. */
export function NewToken({ pbx, close }: { pbx: PBX; close(): void }) {
  const [before] = useState(pbx.agent?.connected ? pbx.agent.id : undefined)
  const { mutate, data, error } = useMutation({ mutationFn: () => api.newToken(pbx.id) })
  useEffect(() => mutate(), [mutate])
  return (
    <Modal opened onClose={close} title={t`New enrolment token for ${pbx.name}`} size={600} radius={10} closeButtonProps={{ 'aria-label': t`Close` }}>
      <div className={css.dialog}>
        {!data && !error && <Skeleton height={150} />}
        <Refused problem={error} />
        {data && <Install enrolment={data} before={before} />}
        <div className={css.buttons}><Button variant="default" onClick={close}>{t`Close`}</Button></div>
      </div>
    </Modal>
  )
}

/** Locks an agent out. It cannot be undone, so the consequence is said and a reason is asked for. */
export function Revoke({ pbx, close }: { pbx: PBX; close(): void }) {
  const client = useQueryClient()
  const [why, setWhy] = useState('')
  const revoke = useMutation({
    mutationFn: () => api.revoke(pbx.agent?.id ?? '', why.trim()),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: pbxsQuery.queryKey })
      close()
    },
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (why.trim()) revoke.mutate()
  }
  return (
    <Modal opened onClose={close} title={t`Revoke the agent of ${pbx.name}`} size={480} radius={10} closeButtonProps={{ 'aria-label': t`Close` }}>
      <form className={css.dialog} onSubmit={submit}>
        <p>{t`It is disconnected at once and cannot come back with its certificate. Calls that were counted stay. To connect this PBX again, give it a new token.`}</p>
        <TextInput data-autofocus label={t`Why`} description={t`Kept with the agent, for whoever asks later.`} value={why} onChange={event => setWhy(event.currentTarget.value)} maxLength={200} required withAsterisk={false} />
        <Refused problem={revoke.error} />
        <div className={css.buttons}>
          <Button variant="default" onClick={close}>{t`Cancel`}</Button>
          <Button type="submit" className={css.danger} loading={revoke.isPending} disabled={!why.trim()}>{t`Revoke`}</Button>
        </div>
      </form>
    </Modal>
  )
}
