import { Select, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import type { Binding, Person } from '../api/types.ts'
import { useNow } from '../app/useToday.ts'
import { useFormats } from '../format/intl.ts'
import { instantOf, wallOf } from '../format/zone.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { relieved } from './bindings.ts'
import css from './PeoplePage.module.css'
import { useDevices } from './useDevices.ts'

/** Gives a device to somebody, or corrects whose it was and when; says beforehand what that changes. */
export function BindingForm({ person, binding, people, close }: { person: Person; binding: Binding | undefined; people: Person[]; close(): void }) {
  const client = useQueryClient()
  const { zone } = useFormats()
  const devices = useDevices()
  const [operator, setOperator] = useState<string | null>(binding ? String(binding.operator) : null)
  const [owner, setOwner] = useState<string | null>(String(person.id))
  const [from, setFrom] = useState(() => wallOf(binding?.from ?? Date.now(), zone))
  const [to, setTo] = useState(() => (binding?.to ? wallOf(binding.to, zone) : ''))
  const began = sameOr(binding?.from, from, zone)
  const ended = to === '' ? null : sameOr(binding?.to, to, zone)
  const save = useMutation({
    mutationFn: () => {
      const body = { person: Number(owner), operator: Number(operator), from: began ?? '', ...(ended && { to: ended }) }
      return binding ? api.rebind(binding.id, body) : api.bind(body)
    },
    onSuccess: async () => {
      await client.invalidateQueries()
      close()
    },
  })
  const name = people.find(one => String(one.id) === owner)?.name ?? ''
  return (
    <FormDialog title={binding ? t`Correct or end it` : t`Give ${person.name} a device`} close={close} submit={() => save.mutate()} verb={binding ? t`Save` : t`Give it`} pending={save.isPending} problem={save.error} ready={Boolean(operator && owner && began && (to === '' || ended))}>
      <Select data-autofocus={!binding || undefined} label={t`Device`} description={t`Devices appear by themselves when a PBX first names them.`} data={devices.options} value={operator} onChange={setOperator} searchable nothingFoundMessage={t`Nothing found`} />
      {binding && <Select label={t`Person`} data={people.map(one => ({ value: String(one.id), label: one.name }))} value={owner} onChange={setOwner} searchable nothingFoundMessage={t`Nothing found`} />}
      <div className={css.times}>
        <TextInput type="datetime-local" label={t`From`} value={from} onChange={event => setFrom(event.currentTarget.value)} required withAsterisk={false} />
        <TextInput type="datetime-local" label={t`To`} description={t`Empty: until further notice`} inputWrapperOrder={['label', 'input', 'description']} value={to} onChange={event => setTo(event.currentTarget.value)} />
      </div>
      <Consequence name={name} began={began} ended={ended} holder={!binding && !ended && operator && began ? relieved(people, Number(operator), Date.parse(began))?.person : undefined} correction={Boolean(binding)} />
    </FormDialog>
  )
}

/** A moment that the form shows to the minute is kept to the second where nobody touched it. */
function sameOr(was: string | null | undefined, wall: string, zone: string): string | null {
  if (was && wallOf(was, zone) === wall) return was
  return instantOf(wall, zone)?.toISOString() ?? null
}

function Consequence({ name, began, ended, holder, correction }: { name: string; began: string | null; ended: string | null; holder: Person | undefined; correction: boolean }) {
  const formats = useFormats()
  const now = useNow(10_000)
  if (!began || !name) return null
  const from = formats.moment(began)
  const to = ended ? formats.moment(ended) : ''
  const other = holder?.name ?? ''
  const past = Date.parse(began) < now - 60_000
  const said = !past
    ? t`From ${from} on calls at this device show ${name}. What was before stays.`
    : to
      ? t`Calls at this device from ${from} to ${to} show ${name}. Results of that time follow at once; nothing has to be run.`
      : t`Calls at this device since ${from} show ${name}. Results of that time follow at once; nothing has to be run.`
  return (
    <div className={css.tell} role="status">
      <p>{said}</p>
      {correction && <p>{t`Times it no longer covers lose the name.`}</p>}
      {other && <p>{t`${other} has it now and loses it at that moment.`}</p>}
    </div>
  )
}
