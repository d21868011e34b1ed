import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy, IconHourglass } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { t } from 'ttag'
import { pbxsQuery } from '../api/queries.ts'
import type { Enrolment } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { stateOf } from './health.ts'
import css from './Install.module.css'

/** What to do with a fresh token, and whether it was done: the page waits for the agent with the reader. */
export function Install({ enrolment, before }: { enrolment: Enrolment; before: string | undefined }) {
  const formats = useFormats()
  const { data } = useQuery({ ...pbxsQuery, refetchInterval: 2_000 })
  const pbx = data?.pbxs.find(p => p.id === enrolment.pbx.id)
  const here = pbx && stateOf(pbx) === 'connected' && pbx.agent?.id !== before
  const until = formats.minute(enrolment.expires)
  return (
    <div className={css.install}>
      <ol>
        <li>
          <p>{t`Run this on the PBX as root:`}</p>
          <Code text={enrolment.command} label={t`Copy the command`} />
        </li>
        <li>
          <p>{t`It asks for nothing else, changes nothing in your dialplan and ends by saying what it found. The token in it works once, until ${until}.`}</p>
          <details className={css.token}>
            <summary>{t`Show the token alone`}</summary>
            <Code text={enrolment.token} label={t`Copy the token`} />
          </details>
        </li>
      </ol>
      <div role="status" className={css.wait} data-here={here || undefined}>
        {here ? <IconCheck size={18} aria-hidden /> : <IconHourglass size={18} stroke={1.6} aria-hidden />}
        {here ? t`Connected. Queues and operators appear as calls come in.` : t`Waiting for the agent to connect. You may close this; the PBX stays in the list.`}
      </div>
    </div>
  )
}

function Code({ text, label }: { text: string; label: string }) {
  return (
    <div className={css.code}>
      <code tabIndex={0} aria-label={text}>{text}</code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" onClick={copy} aria-label={label} leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}>
            {copied ? t`Copied` : t`Copy`}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
