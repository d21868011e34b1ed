import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { t } from 'ttag'
import { FormDialog } from '../parts/FormDialog.tsx'
import type { Definition } from './contract.ts'
import { useChangeViews, useViews } from './views.ts'

/** Keeps the state of a report under a name; one's own view of that name is changed. */
export function SaveView({ definition, state, close }: { definition: Definition; state: string; close(): void }) {
  const [name, setName] = useState(definition.title)
  const [shared, setShared] = useState(false)
  const views = useViews().data?.views ?? []
  const { save, change } = useChangeViews()
  const old = views.find(one => one.own && one.name === name.trim())
  const submit = () => {
    const body = { name: name.trim(), report: definition.id, search: state, shared }
    if (old) change.mutate({ id: old.id, body }, { onSuccess: close })
    else save.mutate(body, { onSuccess: close })
  }
  return (
    <FormDialog title={t`Save as a view`} close={close} submit={submit} verb={old ? t`Replace` : t`Save`} pending={save.isPending || change.isPending} problem={save.error ?? change.error} ready={name.trim() !== ''}>
      <TextInput label={t`Name`} data-autofocus value={name} maxLength={100} onChange={event => setName(event.currentTarget.value)} description={old ? t`You have a view of this name; it will be replaced.` : t`Period, filters, columns and order are kept. It appears above the reports.`} />
      <Checkbox label={t`Share with everybody of the company`} description={t`Each sees in it what he may see himself.`} checked={shared} onChange={event => setShared(event.currentTarget.checked)} />
    </FormDialog>
  )
}
