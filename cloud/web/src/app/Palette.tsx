import { Modal } from '@mantine/core'
import { IconCalendar, IconLanguage, IconLogout, IconPhone, IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react'
import { t } from 'ttag'
import type { Session } from '../api/types.ts'
import { useMantineColorScheme } from '@mantine/core'
import { useNames } from '../api/queries.ts'
import { bareNumber } from '../format/phone.ts'
import { languages } from '../i18n/language.ts'
import { tasks } from '../settings/tasks.ts'
import { periodWord } from './PeriodPicker.tsx'
import css from './Palette.module.css'
import { presets } from './search.ts'
import { places } from './Shell.tsx'
import { schemes, useChooseLanguage, useLogOut } from './UserMenu.tsx'

interface Command { id: string; name: string; icon: ReactNode; run(): void }

/** Ctrl-K: every page, filter and setting by its name. */
export function Palette({ opened, close, session }: { opened: boolean; close(): void; session: Session }) {
  return (
    <Modal.Root opened={opened} onClose={close} padding={0} size={560} yOffset="12vh" transitionProps={{ duration: 80 }}>
      <Modal.Overlay />
      <Modal.Content radius={10} aria-label={t`Commands`}>
        {opened && <Commands close={close} session={session} />}
      </Modal.Content>
    </Modal.Root>
  )
}

function Commands({ close, session }: { close(): void; session: Session }) {
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const commands = useCommands(session, typed)
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const found = commands.filter(one => one.id === 'number' || words.every(word => one.name.toLocaleLowerCase().includes(word))).slice(0, 9)
  const at = Math.min(chosen, Math.max(found.length - 1, 0))
  const run = (command: Command | undefined) => {
    if (!command) return
    close()
    command.run()
  }
  const key = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step) setChosen((at + step + found.length) % Math.max(found.length, 1))
    else if (event.key === 'Enter') run(found[at])
    else return
    event.preventDefault()
  }
  return (
    <div>
      <div className={css.ask}>
        <IconSearch size={18} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found[at] ? `palette-${found[at].id}` : undefined}
          aria-label={t`Command or number`}
          placeholder={t`Command or number`}
          value={typed}
          onChange={event => {
            setTyped(event.currentTarget.value)
            setChosen(0)
          }}
          onKeyDown={key}
        />
      </div>
      <div role="listbox" id="palette-list" aria-label={t`Commands`} className={css.list}>
        {found.map((one, i) => (
          <div key={one.id} id={`palette-${one.id}`} role="option" aria-selected={i === at} className={css.command} onClick={() => run(one)} onPointerMove={() => setChosen(i)}>
            {one.icon}
            <span>{one.name}</span>
          </div>
        ))}
        {found.length === 0 && <p className={css.none}>{t`Nothing is called so. Try a page, a queue or a number.`}</p>}
      </div>
    </div>
  )
}

function useCommands(session: Session, typed: string): Command[] {
  const navigate = useNavigate()
  const names = useNames()
  const chooseLanguage = useChooseLanguage()
  const logOut = useLogOut()
  const { setColorScheme } = useMantineColorScheme()
  const number = bareNumber(typed)
  return useMemo(() => {
    const size = { size: 18, stroke: 1.6, 'aria-hidden': true } as const
    const all: Command[] = []
    const tenant = session.realm === 'tenant'
    if (tenant && /^\d{3,}$/.test(number)) {
      all.push({ id: 'number', name: t`Calls with ${number}`, icon: <IconPhone {...size} />, run: () => void navigate({ to: '/calls', search: old => ({ ...old, number }) }) })
    }
    for (const { to, name, icon: Icon } of places(session)) {
      all.push({ id: to.slice(1), name: t`Go to ${name}`, icon: <Icon {...size} />, run: () => void navigate({ to }) })
    }
    for (const { to, name, icon: Icon } of tasks(session)) {
      all.push({ id: to.slice(1).replace('/', '-'), name: t`Settings: ${name}`, icon: <Icon {...size} />, run: () => void navigate({ to }) })
    }
    if (tenant) {
      for (const period of presets) {
        const name = periodWord(period)
        all.push({ id: `period-${period}`, name: t`Period: ${name}`, icon: <IconCalendar {...size} />, run: () => void navigate({ to: '.', search: old => ({ ...old, period, from: undefined, to: undefined }) }) })
      }
      for (const queue of names.directory.queues) {
        const name = queue.name && queue.name !== queue.number ? `${queue.number} ${queue.name}` : queue.number
        all.push({ id: `queue-${queue.id}`, name: t`Queue: ${name}`, icon: <IconPhone {...size} />, run: () => void navigate({ to: '/calls', search: old => ({ ...old, queue: [queue.id] }) }) })
      }
    }
    for (const { value, name, icon: Icon } of schemes()) {
      all.push({ id: `scheme-${value}`, name: t`Appearance: ${name}`, icon: <Icon {...size} />, run: () => setColorScheme(value) })
    }
    for (const { code, name } of languages) {
      all.push({ id: `language-${code}`, name: t`Language: ${name}`, icon: <IconLanguage {...size} />, run: () => chooseLanguage(code) })
    }
    all.push({ id: 'log-out', name: t`Log out`, icon: <IconLogout {...size} />, run: logOut })
    return all
  }, [session, names, number, navigate, setColorScheme, chooseLanguage, logOut])
}
