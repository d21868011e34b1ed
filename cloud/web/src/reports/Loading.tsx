import { Button, Skeleton } from '@mantine/core'
import { t } from 'ttag'
import { useFormats } from '../format/intl.ts'
import css from './Loading.module.css'
import type { Progress } from './engine/protocol.ts'

interface Props { progress: Progress | undefined; stopped?: boolean; thin?: boolean; cancel(): void; resume(): void }

/** Facts on their way: how much of them has come, and the way to stop it. */
export function Loading({ progress, stopped, thin, cancel, resume }: Props) {
  const formats = useFormats()
  const known = progress !== undefined && progress.total > 0
  const share = known ? progress.loaded / progress.total : 0
  const mb = (bytes: number) => formats.number(bytes / 1_048_576, 1)
  const [loaded, total] = [mb(progress?.loaded ?? 0), mb(progress?.total ?? 0)]
  const text = stopped ? t`Stopped` : known ? t`${loaded} of ${total} MB of facts` : t`Computing the report`
  return (
    <div className={css.loading} data-thin={thin || undefined}>
      <div className={css.line} role="status" aria-label={t`Loading the report`} aria-busy={!stopped}>
        <span className="num">{text}</span>
        {stopped ? <Button size="compact-xs" variant="default" onClick={resume}>{t`Go on`}</Button> : <Button size="compact-xs" variant="subtle" onClick={cancel}>{t`Cancel`}</Button>}
      </div>
      <div className={css.track} role="progressbar" aria-label={t`Loading the report`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}><i style={{ width: `${share * 100}%` }} /></div>
      {!thin && (
        <div className={css.bones} aria-hidden>
          <Skeleton height={180} radius={8} />
          {Array.from({ length: 8 }, (_, i) => <Skeleton key={i} height={14} width={`${70 + ((i * 13) % 28)}%`} />)}
        </div>
      )}
    </div>
  )
}
