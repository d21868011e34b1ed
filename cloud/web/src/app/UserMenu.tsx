import { Menu, useMantineColorScheme } from '@mantine/core'
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSun } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { sessionQuery } from '../api/queries.ts'
import type { Language, Session } from '../api/types.ts'
import { useLanguage } from '../i18n/LanguageContext.ts'
import { languages } from '../i18n/language.ts'
import { roleWord } from '../parts/words.ts'
import css from './UserMenu.module.css'

export type Scheme = 'light' | 'dark' | 'auto'
export const schemes = (): { value: Scheme; name: string; icon: typeof IconSun }[] => [
  { value: 'auto', name: t`As the system`, icon: IconDeviceDesktop },
  { value: 'light', name: t`Light`, icon: IconSun },
  { value: 'dark', name: t`Dark`, icon: IconMoon },
]

/** Changes the language at once and tells the server, which remembers it for the next log-in. */
export function useChooseLanguage(): (language: Language) => void {
  const client = useQueryClient()
  const { setLanguage } = useLanguage()
  const save = useMutation({ mutationFn: (language: Language) => api.setLanguage(language) })
  return language => {
    client.setQueryData(sessionQuery.queryKey, old => (old ? { ...old, user: { ...old.user, language } } : old))
    void setLanguage(language)
    save.mutate(language)
  }
}

export function useLogOut(): () => void {
  const client = useQueryClient()
  const leave = useMutation({
    mutationFn: api.logOut,
    onSettled: () => {
      client.setQueryData(sessionQuery.queryKey, null)
      client.removeQueries({ predicate: query => query.queryKey[0] !== 'session' })
    },
  })
  return () => leave.mutate()
}

export function UserMenu({ session }: { session: Session }) {
  const { language } = useLanguage()
  const chooseLanguage = useChooseLanguage()
  const logOut = useLogOut()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { user, tenant } = session
  return (
    <Menu position="right-end" width={248} shadow="md" withinPortal>
      <Menu.Target>
        <button type="button" className={css.avatar} aria-label={t`Account: ${user.name}`} data-initials={initials(user.name || user.login)} />
      </Menu.Target>
      <Menu.Dropdown>
        <div className={css.who}>
          <strong>{user.name || user.login}</strong>
          <span>{[user.role_name || roleWord(user.role), tenant?.name].filter(Boolean).join(', ')}</span>
        </div>
        <Menu.Divider />
        <Menu.Label>{t`Language`}</Menu.Label>
        {languages.map(({ code, name }) => (
          <Menu.Item key={code} lang={code} onClick={() => chooseLanguage(code)} rightSection={code === language && <IconCheck size={16} aria-label={t`chosen`} />}>{name}</Menu.Item>
        ))}
        <Menu.Label>{t`Appearance`}</Menu.Label>
        {schemes().map(({ value, name, icon: Icon }) => (
          <Menu.Item key={value} leftSection={<Icon size={16} aria-hidden />} onClick={() => setColorScheme(value)} rightSection={value === colorScheme && <IconCheck size={16} aria-label={t`chosen`} />}>{name}</Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={logOut}>{t`Log out`}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter(Boolean)
  return words.slice(0, 2).map(word => word[0]?.toUpperCase() ?? '').join('')
}
