import { t } from 'ttag'
import { Problem } from '../api/client.ts'
import css from './Refused.module.css'

/** Why a form was not accepted, in the server's words where it has any. */
export function Refused({ problem }: { problem: Error | null }) {
  if (!problem) return null
  const offline = problem instanceof Problem && problem.offline
  const said = problem instanceof Problem ? problem.message : ''
  return <p role="alert" className={css.refused}>{offline ? t`The server does not answer. Check your connection and try again.` : said || t`That did not work. Try again.`}</p>
}
