import { TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { peopleQuery } from '../api/queries.ts'
import type { Person } from '../api/types.ts'
import { FormDialog } from '../parts/FormDialog.tsx'

/** Adds somebody, or changes the name or note of who is given. */
export function PersonForm({ person, close }: { person?: Person; close(): void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState(person?.name ?? '')
  const [note, setNote] = useState(person?.note ?? '')
  const save = useMutation({
    mutationFn: () => (person ? api.changePerson(person.id, name.trim(), note.trim()) : api.addPerson(name.trim(), note.trim())),
    onSuccess: async saved => {
      await client.invalidateQueries({ queryKey: peopleQuery.queryKey })
      close()
      if (!person) await navigate({ to: '/settings/people/$personId', params: { personId: String(saved.id) } })
    },
  })
  return (
    <FormDialog title={person ? t`Change the person` : t`Add a person`} close={close} submit={() => save.mutate()} verb={person ? t`Save` : t`Add`} pending={save.isPending} problem={save.error} ready={name.trim() !== ''}>
      <TextInput data-autofocus label={t`Name`} description={t`As calls and reports are to show it.`} value={name} onChange={event => setName(event.currentTarget.value)} maxLength={200} required withAsterisk={false} />
      <TextInput label={t`Note`} description={t`A department, a shift, a number of the personnel file: what helps to tell two people apart.`} value={note} onChange={event => setNote(event.currentTarget.value)} maxLength={200} />
    </FormDialog>
  )
}
