import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconDots, IconKey, IconPlugConnected, IconPlugConnectedX, IconShieldX, IconHourglass } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { c, msgid, ngettext, t } from 'ttag'
import type { Agent, Finding, Gap, PBX, PBXCoverage } from '../api/types.ts'
import { useNow } from '../app/useToday.ts'
import { usePercent } from '../coverage/Coverage.tsx'
import { clock } from '../format/duration.ts'
import { useFormats } from '../format/intl.ts'
import { gapWord } from '../parts/words.ts'
import { expiryOf, lateFrom, type State, stateOf, worstFirst } from './health.ts'
import css from './PBXCard.module.css'

interface Actions { token(): void; revoke(): void }

export function PBXCard({ pbx, heard, actions }: { pbx: PBX; heard: PBXCoverage | undefined; actions: Actions | null }) {
  const state = stateOf(pbx)
  return (
    <article className={css.card} aria-labelledby={`pbx-${pbx.id}`}>
      <div className={css.head}>
        <div className={css.title}>
          <h2 id={`pbx-${pbx.id}`}>{pbx.name}</h2>
          <span className={css.sub}>{[asteriskText(pbx.asterisk), pbx.station !== pbx.name && t`station ${pbx.station}`].filter(Boolean).join(' · ')}</span>
        </div>
        <StateWord state={state} agent={pbx.agent} />
        {actions && <More name={pbx.name} actions={actions} agent={pbx.agent} />}
      </div>
      {pbx.agent && !pbx.agent.revoked && <Figures agent={pbx.agent} heard={heard} />}
      {pbx.agent && <Findings findings={pbx.agent.findings} />}
      <Gaps gaps={pbx.gaps} />
    </article>
  )
}

/** The PBX tells its version with or without its name. */
function asteriskText(version: string): string {
  return version === '' || /^asterisk/i.test(version) ? version : `Asterisk ${version}`
}

function More({ name, actions, agent }: { name: string; actions: Actions; agent: Agent | null }) {
  return (
    <Menu position="bottom-end" shadow="md" width={230}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={t`Actions for ${name}`}><IconDots size={18} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={actions.token}>{t`New enrolment token`}</Menu.Item>
        {agent && !agent.revoked && <Menu.Item leftSection={<IconShieldX size={16} aria-hidden />} className={css.danger} onClick={actions.revoke}>{t`Revoke the agent`}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  )
}

const looks: Record<State, { icon: typeof IconDots; tone: string }> = {
  connected: { icon: IconPlugConnected, tone: 'talking' },
  away: { icon: IconPlugConnectedX, tone: 'breach' },
  waiting: { icon: IconHourglass, tone: 'waiting' },
  revoked: { icon: IconShieldX, tone: 'offline' },
}

function StateWord({ state, agent }: { state: State; agent: Agent | null }) {
  const formats = useFormats()
  const { icon: Icon, tone } = looks[state]
  const since = agent?.connected ?? agent?.last_seen
  const moment = since ? formats.moment(since) : ''
  const words: Record<State, string> = {
    connected: t`Connected since ${moment}`,
    away: since ? t`Away, last heard ${moment}` : t`Away`,
    waiting: t`Waiting for its agent`,
    revoked: t`Revoked`,
  }
  return (
    <span className={css.state} data-tone={tone}>
      <Icon size={16} stroke={1.8} aria-hidden />
      <span className="num">{words[state]}</span>
    </span>
  )
}

function Figures({ agent, heard }: { agent: Agent; heard: PBXCoverage | undefined }) {
  const percent = usePercent()
  const formats = useFormats()
  const now = useNow(10_000)
  const expiry = expiryOf(agent, now)
  const late = agent.lag_ms !== null && agent.lag_ms > lateFrom
  const transport = agent.transport === 'tcp' ? 'TCP' : agent.transport === 'quic' ? 'QUIC' : '–'
  const days = expiry.days
  const away = !agent.connected
  return (
    <dl className={css.figures}>
      <Figure label={t`Complete, 24 hours`} value={heard?.share === undefined || heard.share === null ? '–' : percent(heard.share)} tone={heard && heard.intervals > 0 ? 'warn' : undefined} help={t`How much of the last 24 hours was heard. The journal says what is missing and why`} />
      <Figure label={t`Lag`} value={away || agent.lag_ms === null ? '–' : lagText(agent.lag_ms, formats.number)} tone={late && !away ? 'warn' : undefined} help={t`How old an event was when it was safely stored`} />
      <Figure label={t`Events per second`} value={away ? '–' : formats.number(agent.events_per_s, agent.events_per_s < 10 ? 1 : 0)} />
      <Figure label={t`Transport`} value={transport} note={agent.transport === 'tcp' ? t`UDP is blocked` : undefined} tone={agent.transport === 'tcp' ? 'warn' : undefined} help={t`QUIC over UDP is faster; where UDP is blocked the agent uses TCP`} />
      <Figure label={t`Agent`} value={agent.version || '–'} />
      <Figure label={t`Certificate`} value={expiry.severity === 'error' ? t`Expired` : ngettext(msgid`${days} day`, `${days} days`, days)} tone={expiry.severity === 'ok' ? undefined : expiry.severity} help={t`Time left. The agent renews it by itself`} />
      <Figure label={t`Address`} value={agent.address.replace(/:\d+$/, '') || '–'} />
    </dl>
  )
}

function lagText(ms: number, number: (value: number, digits?: number) => string): string {
  if (ms >= 60_000) return clock(ms)
  const amount = ms < 1000 ? number(ms) : number(ms / 1000, 1)
  return ms < 1000 ? c('lag').t`${amount} ms` : c('lag').t`${amount} s`
}

function Figure({ label, value, note, tone, help }: { label: string; value: ReactNode; note?: string; tone?: 'warn' | 'error'; help?: string }) {
  const term = <dt tabIndex={help ? 0 : undefined} data-help={help ? true : undefined}>{label}</dt>
  return (
    <div className={css.figure} data-tone={tone}>
      {help ? <Tooltip label={help} multiline w={220} events={{ hover: true, focus: true, touch: true }}>{term}</Tooltip> : term}
      <dd className="num">
        {tone && <IconAlertTriangle size={15} aria-hidden />}
        {value}
        {note && <small>{note}</small>}
      </dd>
    </div>
  )
}

const severities: Record<Finding['severity'], typeof IconDots> = { ok: IconCircleCheck, warn: IconAlertTriangle, error: IconCircleX }

function severityWord(severity: Finding['severity']): string {
  switch (severity) {
    case 'ok': return c('finding').t`Fine`
    case 'warn': return c('finding').t`Warning`
    case 'error': return c('finding').t`Error`
  }
}

/** What the agent's check found: what is wrong first, what is fine folded away. */
function Findings({ findings }: { findings: Finding[] }) {
  const wrong = worstFirst(findings).filter(f => f.severity !== 'ok')
  const fine = findings.filter(f => f.severity === 'ok')
  const n = fine.length
  if (findings.length === 0) return null
  return (
    <div className={css.part}>
      {wrong.length > 0 && <h3>{t`What spoils the numbers`}</h3>}
      {wrong.length > 0 && <ul className={css.findings}>{wrong.map(f => <FindingLine key={f.code} finding={f} />)}</ul>}
      {n > 0 && (
        <details className={css.fine}>
          <summary>
            <IconCircleCheck size={16} aria-hidden />
            {wrong.length > 0 ? ngettext(msgid`${n} other check is fine`, `${n} other checks are fine`, n) : ngettext(msgid`${n} check is fine`, `All ${n} checks are fine`, n)}
          </summary>
          <ul className={css.findings}>{fine.map(f => <FindingLine key={f.code} finding={f} />)}</ul>
        </details>
      )}
    </div>
  )
}

function FindingLine({ finding }: { finding: Finding }) {
  const Icon = severities[finding.severity] ?? IconAlertTriangle
  return (
    <li className={css.finding} data-severity={finding.severity}>
      <span className={css.severity}>
        <Icon size={16} aria-hidden />
        {severityWord(finding.severity)}
      </span>
      <span className={css.says}>
        {finding.detail}
        {finding.hurts && finding.severity !== 'ok' && <small>{t`Hurts: ${finding.hurts}`}</small>}
      </span>
    </li>
  )
}

const gapsShown = 5

function Gaps({ gaps }: { gaps: Gap[] }) {
  const formats = useFormats()
  if (gaps.length === 0) return null
  const rest = gaps.length - gapsShown
  return (
    <div className={css.part}>
      <h3>{t`Gaps of the last 30 days`}</h3>
      <ul className={css.gaps}>
        {gaps.slice(0, gapsShown).map((gap, i) => {
          const events = gap.events
          const count = formats.number(events)
          return (
            <li key={i}>
              <span className="num">{formats.day(gap.from)}, {formats.time(gap.from)} – {formats.time(gap.to)}</span>
              <span className="num">{events > 0 ? ngettext(msgid`${count} event lost`, `${count} events lost`, events) : t`how many is not known`}</span>
              <span className={css.why}>{gapWord(gap.reason)}</span>
            </li>
          )
        })}
      </ul>
      {rest > 0 && <p className={css.sub}>{ngettext(msgid`and ${rest} more`, `and ${rest} more`, rest)}</p>}
    </div>
  )
}
