import { ActionIcon, Button, CloseButton, Skeleton, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconArrowLeft, IconSearch, IconX } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { arrows } from '../parts/arrows.ts'
import css from './Split.module.css'

/** A list, and beside it the one that is open. On a narrow screen the open one takes the list's place. */
export function Split({ open, list, detail, label }: { open: boolean; list: ReactNode; detail: ReactNode; label: string }) {
  return (
    <div className={css.body} data-open={open || undefined}>
      <section className={css.list} aria-label={label}>{list}</section>
      {open && <section className={css.detail} aria-label={t`Details`}>{detail}</section>}
    </div>
  )
}

export function Bar({ children }: { children: ReactNode }) {
  return <div className={css.bar}>{children}</div>
}

/** The text a list is searched for; it is part of the address. */
export function Find({ label }: { label: string }) {
  const { find = '' } = useSearch({ from: '/settings' })
  const navigate = useNavigate()
  const [typed, setTyped] = useState(find)
  const set = (text: string) => {
    setTyped(text)
    void navigate({ to: '.', search: old => ({ ...old, find: text.trim() || undefined }), replace: true })
  }
  return (
    <TextInput className={css.find} size="xs" type="search" aria-label={label} placeholder={label} value={typed} onChange={event => set(event.currentTarget.value)}
      leftSection={<IconSearch size={15} aria-hidden />} rightSection={typed && <CloseButton size="xs" aria-label={t`Clear the text`} onClick={() => set('')} />} />
  )
}

const step = 200

/** Rows of a list: the arrows move through them, and a long list is drawn piece by piece. */
export function Rows<T>({ rows, label, children }: { rows: T[]; label: string; children(row: T): ReactNode }) {
  const [shown, setShown] = useState(step)
  const rest = rows.length - shown
  return (
    <div className={css.scroller}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ul className={css.rows} aria-label={label} onKeyDown={arrows}>{rows.slice(0, shown).map(row => children(row))}</ul>
      {rest > 0 && <div className={css.more}><Button variant="default" size="xs" onClick={() => setShown(n => n + step)}>{ngettext(msgid`Show ${rest} more`, `Show ${rest} more`, rest)}</Button></div>}
    </div>
  )
}

export function LoadingRows({ label }: { label: string }) {
  return (
    <div role="status" aria-busy="true" aria-label={label}>
      {Array.from({ length: 10 }, (_, i) => (
        <div key={i} className={css.bone}>
          <Skeleton height={10} width={`${14 + ((i * 7) % 12)}%`} />
          <Skeleton height={10} width={`${20 + ((i * 5) % 14)}%`} />
        </div>
      ))}
    </div>
  )
}

/** The top of what is open: its name, what can be done with it, and the way back. */
export function DetailHead({ title, text, tools, close }: { title: ReactNode; text?: ReactNode; tools?: ReactNode; close(): void }) {
  useHotkeys([['Escape', close]])
  return (
    <div className={css.head}>
      <ActionIcon variant="subtle" color="gray" aria-label={t`Back to the list`} onClick={close} className={css.back}><IconArrowLeft size={18} /></ActionIcon>
      <div className={css.title}>
        <h2>{title}</h2>
        {text && <p>{text}</p>}
      </div>
      <div className={css.tools}>
        {tools}
        <ActionIcon variant="subtle" color="gray" aria-label={t`Close`} onClick={close} className={css.close}><IconX size={18} /></ActionIcon>
      </div>
    </div>
  )
}
