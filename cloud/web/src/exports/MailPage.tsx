import { Alert, Button, Group, NumberInput, PasswordInput, SegmentedControl, TagsInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import type { MailSettings, ShownMailSettings } from '../api/types.ts'
import { Refused } from '../parts/Refused.tsx'
import { ErrorState } from '../parts/States.tsx'
import css from './exports.module.css'
import { mailQuery } from './queries.ts'

const fresh: MailSettings = { host: '', port: 587, security: 'starttls', login: '', sender: '', sender_name: '', allowed: [] }

/** The mail server that reports go out by. */
export function MailPage() {
  const { data, isPending, isError, error, refetch } = useQuery(mailQuery)
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  if (isPending || !data) return <p role="status" className={css.quiet}>{t`Loading`}</p>
  return (
    <div className={css.page}>
      <Server key={JSON.stringify(data.settings)} stored={data.settings} />
      {data.settings && <Try />}
    </div>
  )
}

function Server({ stored }: { stored: ShownMailSettings | null }) {
  const client = useQueryClient()
  const [form, setForm] = useState<MailSettings>(() => (stored ? settingsOf(stored) : fresh))
  const [password, setPassword] = useState<string>()
  const change = (part: Partial<MailSettings>) => setForm(old => ({ ...old, ...part }))
  const done = () => client.invalidateQueries({ queryKey: mailQuery.queryKey })
  const save = useMutation({ mutationFn: () => api.setMail({ ...form, ...(password !== undefined && { password }) }), onSuccess: done })
  const remove = useMutation({ mutationFn: () => api.removeMail(), onSuccess: done })
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    save.mutate()
  }
  // TLS from the first byte has a port of its own; whoever chose another one keeps it.
  const secure = (security: string) => {
    const port = security === 'tls' && form.port === 587 ? 465 : security === 'starttls' && form.port === 465 ? 587 : form.port
    change({ security: security as MailSettings['security'], port })
  }
  return (
    <form className={css.form} onSubmit={send} aria-label={t`Mail server`}>
      <h2 className={css.title}>{t`Mail server`}</h2>
      <p className={css.quiet}>{t`Reports go out by your own mail server. Its password is stored sealed and never shown.`}</p>
      <Group align="flex-start" wrap="nowrap">
        <TextInput className={css.wide} label={t`Server`} placeholder="smtp.example.com" value={form.host} onChange={event => change({ host: event.currentTarget.value })} required withAsterisk={false} maxLength={253} />
        <NumberInput className={css.port} label={t`Port`} min={1} max={65535} value={form.port} onChange={port => change({ port: Number(port) || 0 })} hideControls />
      </Group>
      <SegmentedControl aria-label={t`Encryption`} value={form.security} onChange={secure} data={[{ value: 'starttls', label: 'STARTTLS' }, { value: 'tls', label: 'TLS' }, { value: 'none', label: t`None (this machine only)` }]} />
      <TextInput label={t`Log-in`} description={t`Empty where the server asks for none.`} value={form.login} onChange={event => change({ login: event.currentTarget.value })} maxLength={320} autoComplete="off" />
      <PasswordInput label={t`Password`} description={stored?.has_password ? t`One is stored. Enter it again only to change it, or when the server is another one.` : undefined} value={password ?? ''} onChange={event => setPassword(event.currentTarget.value || undefined)} maxLength={1000} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }} />
      <TextInput label={t`Address of the sender`} placeholder="reports@example.com" type="email" value={form.sender} onChange={event => change({ sender: event.currentTarget.value })} required withAsterisk={false} maxLength={254} />
      <TextInput label={t`Name of the sender`} value={form.sender_name} onChange={event => change({ sender_name: event.currentTarget.value })} maxLength={100} />
      <TagsInput label={t`Allowed addresses`} description={t`To whom reports may go beside your users: addresses, or @example.com for everybody there.`} value={form.allowed} onChange={allowed => change({ allowed })} splitChars={[',', ' ', ';']} />
      <Refused problem={save.error ?? remove.error} />
      <Group>
        <Button type="submit" loading={save.isPending}>{t`Save`}</Button>
        {save.isSuccess && <span role="status" className={css.quiet}>{t`Saved.`}</span>}
        {stored && <Button variant="subtle" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>{t`Forget the server`}</Button>}
      </Group>
    </form>
  )
}

const settingsOf = ({ host, port, security, login, sender, sender_name, allowed }: MailSettings): MailSettings => ({ host, port, security, login, sender, sender_name, allowed })

function Try() {
  const [to, setTo] = useState('')
  const test = useMutation({ mutationFn: () => api.testMail(to.trim()) })
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    test.mutate()
  }
  return (
    <form className={css.form} onSubmit={send} aria-label={t`Test letter`}>
      <h2 className={css.title}>{t`Test letter`}</h2>
      <Group align="flex-end">
        <TextInput className={css.wide} label={t`To`} type="email" value={to} onChange={event => setTo(event.currentTarget.value)} required withAsterisk={false} maxLength={254} />
        <Button type="submit" variant="default" loading={test.isPending} disabled={to.trim() === ''}>{t`Send a test letter`}</Button>
      </Group>
      <Refused problem={test.error} />
      {test.data?.sent && <Alert color="green" role="status">{t`The mail server took the letter. Look whether it arrives.`}</Alert>}
      {test.data && !test.data.sent && (
        <Alert color="red" role="alert" title={test.data.problem}>
          <code className={css.detail}>{test.data.detail}</code>
        </Alert>
      )}
    </form>
  )
}
