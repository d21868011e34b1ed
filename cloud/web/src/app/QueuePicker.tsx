import { Button, Checkbox, Popover, TextInput } from '@mantine/core'
import { IconChevronDown, IconUsers } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { useNames } from '../api/queries.ts'
import { useFormats } from '../format/intl.ts'
import css from './QueuePicker.module.css'

/** Which queues every page is about. None chosen means all, and calls that were in no queue. */
export function QueuePicker() {
  const { queue: chosen = [] } = useSearch({ from: '__root__' })
  const navigate = useNavigate()
  const names = useNames()
  const formats = useFormats()
  const [typed, setTyped] = useState('')
  const [opened, setOpened] = useState(false)
  const queues = [...names.directory.queues].sort((a, b) => formats.collator.compare(a.number, b.number))
  const stations = new Set(queues.map(q => q.station)).size
  const label = (q: (typeof queues)[number]) => [q.number, q.name !== q.number && q.name, stations > 1 && `· ${q.station}`].filter(Boolean).join(' ')
  const found = queues.filter(q => label(q).toLocaleLowerCase().includes(typed.toLocaleLowerCase()))
  const set = (queue: number[]) => void navigate({ to: '.', search: old => ({ ...old, queue: queue.length > 0 ? queue : undefined }) })
  const toggle = (id: number) => set(chosen.includes(id) ? chosen.filter(one => one !== id) : [...chosen, id])
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus onClose={() => setTyped('')}>
      <Popover.Target>
        <Button variant="default" size="xs" className={css.button} data-chosen={chosen.length > 0 || undefined} leftSection={<IconUsers size={16} aria-hidden />} rightSection={<IconChevronDown size={14} aria-hidden />} onClick={() => setOpened(o => !o)} aria-haspopup="dialog" aria-expanded={opened}>
          {summary(chosen, id => names.queue(id))}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={css.dropdown} aria-label={t`Queues`}>
        {queues.length > 8 && <TextInput value={typed} onChange={e => setTyped(e.currentTarget.value)} placeholder={t`Find a queue`} aria-label={t`Find a queue`} size="xs" />}
        {queues.length === 0 && <p className={css.none}>{t`Queues appear here as soon as a call enters one.`}</p>}
        <div className={css.list}>
          {found.map(q => (
            <Checkbox key={q.id} label={label(q)} checked={chosen.includes(q.id)} onChange={() => toggle(q.id)} size="sm" />
          ))}
        </div>
        {chosen.length > 0 && <Button variant="subtle" size="xs" onClick={() => set([])}>{t`All queues`}</Button>}
      </Popover.Dropdown>
    </Popover>
  )
}

function summary(chosen: number[], name: (id: number) => string): string {
  const [only] = chosen
  if (only === undefined) return t`All queues`
  if (chosen.length === 1) return name(only)
  const n = chosen.length
  return ngettext(msgid`${n} queue`, `${n} queues`, n)
}
