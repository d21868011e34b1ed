import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { t } from 'ttag'
import { FormDialog } from '../parts/FormDialog.tsx'
import page from './NumbersPage.module.css'
import css from './Section.module.css'

/** A page of settings that scrolls as a whole, made of sections. */
export function SettingsPart({ children }: { children: ReactNode }) {
  return <div className={page.page} tabIndex={-1}><div className={page.parts}>{children}</div></div>
}

/** A section: what it is about, what can be done with it, and the thing itself. */
export function Section({ title, text, tools, children }: { title: string; text?: ReactNode; tools?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section className={page.part} aria-labelledby={id}>
      <div className={css.head}>
        <div className={css.title}>
          <h2 id={id}>{title}</h2>
          {text && <p className={page.quiet}>{text}</p>}
        </div>
        {tools && <div className={css.tools}>{tools}</div>}
      </div>
      {children}
    </section>
  )
}

export function AddButton({ children, onClick }: { children: ReactNode; onClick(): void }) {
  return <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={onClick}>{children}</Button>
}

export function Quiet({ children }: { children: ReactNode }) {
  return <p className={page.quiet}>{children}</p>
}

/** A change after which everything that was read may be another. */
export function useChange<T>(change: () => Promise<T>, done: () => void): UseMutationResult<T, Error, void> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries()
      done()
    },
  })
}

/** Asks before something goes. */
export function RemoveDialog({ name, text, remove, close }: { name: string; text: string; remove(): Promise<unknown>; close(): void }) {
  const going = useChange(remove, close)
  return (
    <FormDialog danger title={t`Remove ${name}`} close={close} submit={() => going.mutate()} verb={t`Remove`} pending={going.isPending} problem={going.error}>
      <p>{text}</p>
    </FormDialog>
  )
}

/** What dialog is open: one that adds, one for a row, or none. */
export type Open<T> = { kind: 'add' } | { kind: 'change'; row: T } | { kind: 'remove'; row: T } | null
