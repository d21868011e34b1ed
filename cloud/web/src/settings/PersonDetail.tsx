import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { peopleQuery } from '../api/queries.ts'
import { useCan } from '../api/rights.ts'
import type { Binding, Person } from '../api/types.ts'
import { useNow } from '../app/useToday.ts'
import { useFormats } from '../format/intl.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { EmptyState } from '../parts/States.tsx'
import { BindingForm } from './BindingForm.tsx'
import { inForce, latestFirst } from './bindings.ts'
import css from './PeoplePage.module.css'
import { PersonForm } from './PersonForm.tsx'
import { DetailHead } from './Split.tsx'
import split from './Split.module.css'
import { useDevices } from './useDevices.ts'

type Dialog = { kind: 'edit' } | { kind: 'remove' } | { kind: 'bind'; binding?: Binding } | { kind: 'unbind'; binding: Binding } | null

/** One person: name, note, and every device he or she has or had. */
export function PersonDetail() {
  const { personId } = useParams({ from: '/settings/people/$personId' })
  const { data } = useQuery(peopleQuery)
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<Dialog>(null)
  const person = data?.people.find(one => String(one.id) === personId)
  const administrator = useCan('settings.write')
  const close = () => void navigate({ to: '/settings/people', search: old => old })
  if (!data) return null
  if (!person) return <EmptyState title={t`There is no such person`} text={t`Somebody may have removed it.`} action={<Button variant="default" onClick={close}>{t`Back to the list`}</Button>} />
  const tools = administrator && (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={t`Change the person`} onClick={() => setDialog({ kind: 'edit' })}><IconPencil size={18} stroke={1.6} /></ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={t`Remove the person`} onClick={() => setDialog({ kind: 'remove' })}><IconTrash size={18} stroke={1.6} /></ActionIcon>
    </>
  )
  return (
    <>
      <DetailHead title={person.name} text={person.note} tools={tools} close={close} />
      <div className={split.part}>
        <h3>{t`Devices`}</h3>
        {person.bindings.length === 0 && <p className={split.quiet}>{administrator ? t`None yet. Give a device, from today or from an earlier day: calls of that time show the name at once.` : t`None yet.`}</p>}
        {person.bindings.length > 0 && <Timeline person={person} act={administrator ? setDialog : null} />}
        {administrator && <div><Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setDialog({ kind: 'bind' })}>{t`Give a device`}</Button></div>}
      </div>
      {dialog?.kind === 'edit' && <PersonForm person={person} close={() => setDialog(null)} />}
      {dialog?.kind === 'remove' && <RemovePerson person={person} close={() => setDialog(null)} />}
      {dialog?.kind === 'bind' && <BindingForm person={person} binding={dialog.binding} people={data.people} close={() => setDialog(null)} />}
      {dialog?.kind === 'unbind' && <Unbind person={person} binding={dialog.binding} close={() => setDialog(null)} />}
    </>
  )
}

function Timeline({ person, act }: { person: Person; act: ((dialog: Dialog) => void) | null }) {
  const now = useNow(60_000)
  const devices = useDevices()
  return (
    <ol className={css.timeline} aria-label={t`Devices of ${person.name}, the latest first`}>
      {latestFirst(person.bindings).map(binding => {
        const device = devices.label(binding.operator)
        return (
          <li key={binding.id} className={css.binding} data-now={inForce(binding, now) || undefined}>
            <span className={css.device}>
              <b className="num">{device}</b>
              {inForce(binding, now) && <span className={css.mark}>{t`now`}</span>}
            </span>
            <When binding={binding} />
            {act && (
              <Menu position="bottom-end" shadow="md" width={230}>
                <Menu.Target>
                  <ActionIcon className={css.actions} variant="subtle" color="gray" aria-label={t`Actions for ${device}`}><IconDots size={18} /></ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => act({ kind: 'bind', binding })}>{t`Correct or end it`}</Menu.Item>
                  <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => act({ kind: 'unbind', binding })}>{t`Remove it`}</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </li>
        )
      })}
    </ol>
  )
}

function When({ binding }: { binding: Binding }) {
  const formats = useFormats()
  const from = formats.moment(binding.from)
  const to = binding.to ? formats.moment(binding.to) : ''
  return <span className={`${css.when} num`}>{to ? t`from ${from} to ${to}` : t`since ${from}, until further notice`}</span>
}

function RemovePerson({ person, close }: { person: Person; close(): void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => api.removePerson(person.id),
    onSuccess: async () => {
      close()
      await navigate({ to: '/settings/people', search: old => old })
      await client.invalidateQueries({ queryKey: peopleQuery.queryKey })
    },
  })
  return (
    <FormDialog danger title={t`Remove ${person.name}`} close={close} submit={() => remove.mutate()} verb={t`Remove`} pending={remove.isPending} problem={remove.error}>
      <p>{t`Only who never had a device can be removed: the calls of others would lose their name. Who has left keeps the past; end the last device instead.`}</p>
    </FormDialog>
  )
}

function Unbind({ person, binding, close }: { person: Person; binding: Binding; close(): void }) {
  const client = useQueryClient()
  const devices = useDevices()
  const remove = useMutation({
    mutationFn: () => api.unbind(binding.id),
    onSuccess: async () => {
      await client.invalidateQueries()
      close()
    },
  })
  const device = devices.label(binding.operator)
  return (
    <FormDialog danger title={t`Remove ${device} from ${person.name}`} close={close} submit={() => remove.mutate()} verb={t`Remove`} pending={remove.isPending} problem={remove.error}>
      <p>{t`As if it had never been: calls of that time at this device lose the name at once. If ${person.name} only stopped using it, end it instead.`}</p>
    </FormDialog>
  )
}
