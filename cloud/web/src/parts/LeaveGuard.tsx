import { Button, Modal } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { t } from 'ttag'
import css from './FormDialog.module.css'

/** Asks before somebody leaves what is not saved: by a link, by going back, or by closing the page. */
export function LeaveGuard({ unsaved }: { unsaved: boolean }) {
  const blocked = useBlocker({ shouldBlockFn: () => unsaved, enableBeforeUnload: () => unsaved, withResolver: true })
  if (blocked.status !== 'blocked') return null
  return (
    <Modal opened onClose={blocked.reset} title={t`Leave without saving?`} size={420} radius={10} closeButtonProps={{ 'aria-label': t`Close` }}>
      <div className={css.dialog}>
        <p>{t`What you changed here is not saved yet and would be lost.`}</p>
        <div className={css.buttons}>
          <Button variant="default" onClick={blocked.reset} data-autofocus>{t`Stay`}</Button>
          <Button className={css.danger} onClick={blocked.proceed}>{t`Leave`}</Button>
        </div>
      </div>
    </Modal>
  )
}
