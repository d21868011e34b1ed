import { ActionIcon, Badge, Button, Menu, Modal } from '@mantine/core'
import { IconDots, IconMailForward } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { useSession } from '../api/queries.ts'
import type { Letter, Schedule, Sending } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import css from './exports.module.css'
import { schedulesQuery, sendingsQuery } from './queries.ts'
import { ScheduleDialog } from './ScheduleDialog.tsx'
import { peopleWords, periodWord, rhythmWords, stateWord, troubled } from './words.ts'

/** The reports that go out by e-mail, and what became of them. */
export function SchedulesPage() {
  const { data, isPending, isError, error, refetch } = useQuery(schedulesQuery)
  const [open, setOpen] = useState<{ what: 'change' | 'history' | 'remove'; of: Schedule }>()
  const close = () => setOpen(undefined)
  return (
    <div className={css.page}>
      {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
      {isPending && <p role="status" className={css.quiet}>{t`Loading schedules`}</p>}
      {data?.schedules.length === 0 && <EmptyState icon={<IconMailForward />} title={t`No report goes out by e-mail yet`} text={t`Open a report and choose “Send by e-mail” there.`} />}
      <ul className={css.list} aria-label={t`Reports by e-mail`}>
        {data?.schedules.map(s => <Row key={s.id} schedule={s} open={what => setOpen({ what, of: s })} />)}
      </ul>
      {open?.what === 'change' && <ScheduleDialog query={open.of.query} search={open.of.search} name={open.of.name} schedule={open.of} close={close} />}
      {open?.what === 'history' && <History schedule={open.of} close={close} />}
      {open?.what === 'remove' && <Remove schedule={open.of} close={close} />}
    </div>
  )
}

function Row({ schedule: s, open }: { schedule: Schedule; open(what: 'change' | 'history' | 'remove'): void }) {
  const client = useQueryClient()
  const formats = useFormats()
  const { user } = useSession()
  const changed = () => client.invalidateQueries({ queryKey: schedulesQuery.queryKey })
  const pause = useMutation({ mutationFn: () => api.changeSchedule(s.id, bodyOf(s, !s.paused)), onSuccess: changed })
  const send = useMutation({ mutationFn: () => api.sendNow(s.id), onSuccess: () => { open('history'); return changed() } })
  const problem = pause.error ?? send.error
  const next = s.next && formats.moment(s.next)
  return (
    <li className={css.row}>
      <div className={css.what}>
        <strong>{s.name}</strong>
        <span className={css.quiet}>{[periodWord(s.period), rhythmWords(s.rhythm, user.language), s.rhythm.zone, peopleWords(s.users.length + s.addresses.length), !s.own && s.owner].filter(Boolean).join(' · ')}</span>
        {s.last && troubled(s.last.state) && <span className={css.trouble}>{s.last.problem}</span>}
        {problem && <span className={css.trouble} role="alert">{problem.message}</span>}
      </div>
      <div className={css.state}>
        {s.last && <State state={s.last.state} />}
        <span className={css.quiet}>{next ? t`Next: ${next}` : t`Paused`}</span>
      </div>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={t`What to do with “${s.name}”`} loading={pause.isPending || send.isPending}><IconDots size={18} aria-hidden /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => send.mutate()}>{t`Send now`}</Menu.Item>
          <Menu.Item onClick={() => open('history')}>{t`What was sent`}</Menu.Item>
          <Menu.Item onClick={() => open('change')}>{t`Change`}</Menu.Item>
          <Menu.Item onClick={() => pause.mutate()}>{s.paused ? t`Resume` : t`Pause`}</Menu.Item>
          <Menu.Item color="red" onClick={() => open('remove')}>{t`Remove`}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  )
}

const bodyOf = ({ name, query, search, period, rhythm, language, formats, users, addresses }: Schedule, paused: boolean) => ({ name, query, search, period, rhythm, language, formats, users, addresses, paused })

function State({ state }: { state: Sending['state'] | Letter['state'] }) {
  const kind = troubled(state) ? 'breach' : state === 'sent' ? 'talking' : 'offline'
  return <Badge radius="sm" style={{ color: `var(--${kind})`, background: `var(--${kind}-ground)` }}>{stateWord(state)}</Badge>
}

function History({ schedule, close }: { schedule: Schedule; close(): void }) {
  const { data, isPending, isError, error, refetch } = useQuery(sendingsQuery(schedule.id))
  const formats = useFormats()
  return (
    <Modal opened onClose={close} title={t`What was sent: ${schedule.name}`} size={640} radius={10} closeButtonProps={{ 'aria-label': t`Close` }}>
      {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
      {isPending && <p role="status" className={css.quiet}>{t`Loading`}</p>}
      {data?.sendings.length === 0 && <p className={css.quiet}>{t`Nothing yet.`}</p>}
      <ol className={css.history}>
        {data?.sendings.map(one => (
          <li key={one.due}>
            <div className={css.sending}>
              <strong>{formats.moment(one.due)}</strong>
              {one.by_hand && <span className={css.quiet}>{t`by hand`}</span>}
              <State state={one.state} />
            </div>
            {one.problem && <p className={css.trouble}>{one.problem}</p>}
            <ul className={css.letters}>
              {one.letters.map(l => (
                <li key={l.address}>
                  <span>{l.address}</span>
                  <State state={l.state} />
                  {l.problem && l.problem !== one.problem && <span className={css.trouble}>{l.problem}</span>}
                  {l.detail && <code className={css.detail}>{l.detail}</code>}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      <Button variant="default" onClick={close}>{t`Close`}</Button>
    </Modal>
  )
}

function Remove({ schedule, close }: { schedule: Schedule; close(): void }) {
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () => api.removeSchedule(schedule.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: schedulesQuery.queryKey })
      close()
    },
  })
  return (
    <FormDialog title={t`Remove the schedule`} close={close} submit={() => remove.mutate()} verb={t`Remove`} pending={remove.isPending} problem={remove.error} danger>
      <p>{t`“${schedule.name}” goes out no longer, and what was sent is forgotten.`}</p>
    </FormDialog>
  )
}
