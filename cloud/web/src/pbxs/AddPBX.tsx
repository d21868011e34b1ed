import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { pbxsQuery } from '../api/queries.ts'
import { Refused } from '../parts/Refused.tsx'
import css from './Dialogs.module.css'
import { Install } from './Install.tsx'

export function AddPBX({ opened, close, stations }: { opened: boolean; close(): void; stations: string[] }) {
  return (
    <Modal opened={opened} onClose={close} title={t`Add a PBX`} size={600} radius={10} closeButtonProps={{ 'aria-label': t`Close` }}>
      {opened && <Steps close={close} stations={stations} />}
    </Modal>
  )
}

function Steps({ close, stations }: { close(): void; stations: string[] }) {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [station, setStation] = useState<string | null>(null)
  const add = useMutation({
    mutationFn: () => api.addPBX(name.trim(), station ?? undefined),
    onSuccess: () => client.invalidateQueries({ queryKey: pbxsQuery.queryKey }),
  })
  if (add.data) {
    return (
      <div className={css.dialog}>
        <Install enrolment={add.data} before={undefined} />
        <div className={css.buttons}><Button variant="default" onClick={close}>{t`Close`}</Button></div>
      </div>
    )
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (name.trim()) add.mutate()
  }
  return (
    <form className={css.dialog} onSubmit={submit}>
      <TextInput data-autofocus label={t`Name`} description={t`As your people call it: office, warehouse, Kazan.`} value={name} onChange={event => setName(event.currentTarget.value)} maxLength={64} required withAsterisk={false} />
      {stations.length > 0 && (
        <Select label={t`Mirror of`} description={t`Choose only where it is a mirror of another PBX, with the same numbers for the same people.`} placeholder={t`Stands alone`} data={stations} value={station} onChange={setStation} clearable clearButtonProps={{ 'aria-label': t`Stands alone` }} />
      )}
      <Refused problem={add.error} />
      <div className={css.buttons}>
        <Button variant="default" onClick={close}>{t`Cancel`}</Button>
        <Button type="submit" loading={add.isPending} disabled={!name.trim()}>{t`Get the command`}</Button>
      </div>
    </form>
  )
}
