import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { t } from 'ttag'
import { api, Problem } from '../api/client.ts'
import { sessionQuery } from '../api/queries.ts'
import { Mark } from '../app/Mark.tsx'
import { useLanguage } from '../i18n/LanguageContext.ts'
import { languages } from '../i18n/language.ts'
import css from './Login.module.css'

export function Login() {
  const client = useQueryClient()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({
    mutationFn: () => api.logIn(login.trim(), password),
    onSuccess: () => client.fetchQuery({ ...sessionQuery, staleTime: 0 }),
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (login.trim() && password) enter.mutate()
  }
  return (
    <main className={css.page}>
      <form className={css.card} onSubmit={submit} aria-labelledby="login-title">
        <div className={css.brand}>
          <Mark size={36} />
          <h1 id="login-title">{t`Log in to Callweave`}</h1>
        </div>
        <TextInput label={t`Login`} value={login} onChange={e => setLogin(e.currentTarget.value)} autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus required withAsterisk={false} size="md" />
        <PasswordInput label={t`Password`} value={password} onChange={e => setPassword(e.currentTarget.value)} autoComplete="current-password" required withAsterisk={false} size="md" visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }} />
        <div role="alert" className={css.error}>{enter.isError && explain(enter.error)}</div>
        <Button type="submit" size="md" loading={enter.isPending || enter.isSuccess} fullWidth>{t`Log in`}</Button>
      </form>
      <LanguageLinks />
    </main>
  )
}

function explain(problem: Error): string {
  if (problem instanceof Problem) {
    if (problem.offline) return t`The server does not answer. Check your connection and try again.`
    if (problem.status === 401 || problem.status === 403) return t`Login or password is wrong.`
    if (problem.status === 429) return t`Too many attempts. Wait a few minutes, then try again.`
    if (problem.message) return problem.message
  }
  return t`Logging in failed. Try again.`
}

function LanguageLinks() {
  const { language, setLanguage } = useLanguage()
  return (
    <div className={css.languages}>
      {languages.map(({ code, name }) => (
        <button key={code} type="button" lang={code} aria-pressed={code === language} onClick={() => void setLanguage(code)}>{name}</button>
      ))}
    </div>
  )
}
