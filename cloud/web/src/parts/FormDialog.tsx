import { Button, Modal } from '@mantine/core'
import type { ReactNode, SubmitEvent } from 'react'
import { t } from 'ttag'
import css from './FormDialog.module.css'
import { Refused } from './Refused.tsx'

interface Props {
  title: string
  close(): void
  submit(): void
  /** What the button that submits says. */
  verb: string
  pending: boolean
  problem: Error | null
  ready?: boolean
  /** What is done cannot be undone. */
  danger?: boolean
  size?: number
  children: ReactNode
}

/** A question in front of the page, with its refusal in the server's words. */
export function FormDialog({ title, close, submit, verb, pending, problem, ready = true, danger, size = 480, children }: Props) {
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (ready) submit()
  }
  return (
    <Modal opened onClose={close} title={title} size={size} radius={10} closeButtonProps={{ 'aria-label': t`Close` }}>
      <form className={css.dialog} onSubmit={send}>
        {children}
        <Refused problem={problem} />
        <div className={css.buttons}>
          <Button variant="default" onClick={close}>{t`Cancel`}</Button>
          <Button type="submit" className={danger ? css.danger : undefined} loading={pending} disabled={!ready}>{verb}</Button>
        </div>
      </form>
    </Modal>
  )
}
