import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { t } from 'ttag'
import type { InForce as Decided } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import css from './InForce.module.css'

/** From when a decision counts, and how calls before it are judged anew. */
export function InForce({ decided }: { decided: Decided }) {
  const formats = useFormats()
  const from = formats.time(decided.from)
  return (
    <div className={css.notice} role="status">
      <IconCheck size={17} aria-hidden />
      <div>
        <p>{t`Saved. Calls are judged so from ${from} on, also those that are going on. Calls that are over stay as they are.`}</p>
        <details className={css.past}>
          <summary>{t`Change the past too`}</summary>
          <p>{t`Whoever runs the server runs this beside it, with the day from which calls are to be judged anew; with --dry-run it only shows what would change.`}</p>
          <div className={css.command}>
            <code>{decided.past}</code>
            <CopyButton value={decided.past}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="default" onClick={copy} aria-label={t`Copy the command`} leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}>{copied ? t`Copied` : t`Copy`}</Button>
              )}
            </CopyButton>
          </div>
        </details>
      </div>
    </div>
  )
}
