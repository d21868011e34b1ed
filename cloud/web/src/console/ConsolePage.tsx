import { Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconBuildingSkyscraper, IconCircleCheck, IconPlugConnected, IconPlugConnectedX, IconShieldX } from '@tabler/icons-react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { api } from '../api/client.ts'
import type { ConsoleAgent, ConsoleTenant } from '../api/types.ts'
import { Header } from '../app/Header.tsx'
import { useFormats } from '../format/intl.ts'
import { type Columns, DataTable } from '../parts/DataTable.tsx'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import css from './ConsolePage.module.css'

const tenantsQuery = queryOptions({ queryKey: ['console', 'tenants'], queryFn: ({ signal }) => api.consoleTenants(signal), refetchInterval: 10_000 })
const agentsQuery = queryOptions({ queryKey: ['console', 'agents'], queryFn: ({ signal }) => api.consoleAgents(signal), refetchInterval: 10_000 })

/** The vendor's view above all tenants: who they are, and whether their agents are well. */
export function ConsolePage() {
  const tenants = useQuery(tenantsQuery)
  const agents = useQuery(agentsQuery)
  const problem = tenants.error ?? agents.error
  const retry = () => void Promise.all([tenants.refetch(), agents.refetch()])
  return (
    <>
      <Header title={t`Console`} />
      <div className={css.page}>
        {problem && !(tenants.data && agents.data) && <ErrorState problem={problem} retry={retry} />}
        {!problem && !(tenants.data && agents.data) && <div role="status" aria-busy="true" aria-label={t`Loading`} className={css.parts}><Skeleton height={160} /><Skeleton height={240} /></div>}
        {tenants.data && agents.data && (
          <div className={css.parts}>
            <Tenants tenants={tenants.data.tenants} />
            <Agents agents={agents.data.agents} tenants={tenants.data.tenants} />
          </div>
        )}
      </div>
    </>
  )
}

function Tenants({ tenants }: { tenants: ConsoleTenant[] }) {
  const formats = useFormats()
  const columns = useMemo<Columns<ConsoleTenant>>(
    () => [
      { id: 'name', accessorKey: 'name', header: () => t`Tenant`, cell: ({ row }) => <><b className={css.name}>{row.original.name}</b> <span className={css.quiet}>{row.original.slug}</span></> },
      { id: 'state', accessorFn: tenant => (tenant.suspended ? 1 : 0), header: () => t`State`, cell: ({ row }) => <TenantState suspended={row.original.suspended} /> },
      { id: 'connected', accessorKey: 'connected', header: () => t`Agents connected`, cell: ({ row }) => <AgentCount tenant={row.original} /> },
      { id: 'zone', accessorKey: 'zone', header: () => t`Time zone`, cell: ({ row }) => row.original.zone.replaceAll('_', ' ') },
      { id: 'created', accessorKey: 'created', header: () => t`Since`, cell: ({ row }) => formats.day(row.original.created) },
    ],
    [formats],
  )
  const n = tenants.length
  return (
    <section aria-labelledby="tenants">
      <h2 id="tenants">{ngettext(msgid`${n} tenant`, `${n} tenants`, n)}</h2>
      {n === 0 ? <EmptyState icon={<IconBuildingSkyscraper />} title={t`No tenants yet`} text={t`Create the first one with callweave tenant create.`} /> : <DataTable rows={tenants} columns={columns} label={t`Tenants`} right={['connected']} />}
    </section>
  )
}

function TenantState({ suspended }: { suspended: string | null }) {
  return suspended ? <span className={css.mark} data-tone="breach"><IconShieldX size={15} aria-hidden />{t`Suspended`}</span> : <span className={css.mark} data-tone="talking"><IconCircleCheck size={15} aria-hidden />{t`Active`}</span>
}

function AgentCount({ tenant }: { tenant: ConsoleTenant }) {
  const { connected, agents } = tenant
  return <span className={css.mark} data-tone={connected < agents ? 'waiting' : undefined}>{connected < agents && <IconAlertTriangle size={15} aria-hidden />}{t`${connected} of ${agents}`}</span>
}

function Agents({ agents, tenants }: { agents: ConsoleAgent[]; tenants: ConsoleTenant[] }) {
  const formats = useFormats()
  const columns = useMemo<Columns<ConsoleAgent>>(() => {
    const name = (id: string) => tenants.find(one => one.id === id)?.name ?? id
    return [
      { id: 'tenant', accessorFn: agent => name(agent.tenant), header: () => t`Tenant`, cell: ({ row }) => <b className={css.name}>{name(row.original.tenant)}</b> },
      { id: 'pbx', accessorKey: 'pbx', header: () => t`PBX`, cell: ({ row }) => row.original.pbx },
      { id: 'state', accessorFn: agent => (agent.revoked ? 2 : agent.connected ? 0 : 1), header: () => t`State`, cell: ({ row }) => <AgentState agent={row.original} /> },
      { id: 'checks', accessorFn: agent => agent.findings.filter(f => f.severity !== 'ok').length, header: () => t`Check`, cell: ({ row }) => <Check agent={row.original} /> },
      { id: 'version', accessorKey: 'version', header: () => t`Version`, cell: ({ row }) => row.original.version || '–' },
      { id: 'transport', accessorKey: 'transport', header: () => t`Transport`, cell: ({ row }) => row.original.transport.toUpperCase() || '–' },
      { id: 'not_after', accessorKey: 'not_after', header: () => t`Certificate until`, cell: ({ row }) => formats.day(row.original.not_after) },
    ]
  }, [formats, tenants])
  const n = agents.length
  return (
    <section aria-labelledby="agents">
      <h2 id="agents">{ngettext(msgid`${n} agent`, `${n} agents`, n)}</h2>
      {n === 0 ? <EmptyState title={t`No agent has enrolled yet`} text={t`Administrators of tenants add a PBX and run the command they get.`} /> : <DataTable rows={agents} columns={columns} label={t`Agents`} right={['pbx']} />}
    </section>
  )
}

function AgentState({ agent }: { agent: ConsoleAgent }) {
  const formats = useFormats()
  const seen = agent.connected ?? agent.last_seen
  const moment = seen ? formats.moment(seen) : ''
  if (agent.revoked) return <span className={css.mark} data-tone="offline"><IconShieldX size={15} aria-hidden />{t`Revoked`}</span>
  if (agent.connected) return <span className={css.mark} data-tone="talking"><IconPlugConnected size={15} aria-hidden />{t`Connected since ${moment}`}</span>
  return <span className={css.mark} data-tone="breach"><IconPlugConnectedX size={15} aria-hidden />{seen ? t`Away, last heard ${moment}` : t`Away`}</span>
}

function Check({ agent }: { agent: ConsoleAgent }) {
  const wrong = agent.findings.filter(f => f.severity !== 'ok')
  const n = wrong.length
  if (agent.findings.length === 0) return <span className={css.quiet}>–</span>
  if (n === 0) return <span className={css.mark} data-tone="talking"><IconCircleCheck size={15} aria-hidden />{t`All fine`}</span>
  const tone = wrong.some(f => f.severity === 'error') ? 'breach' : 'waiting'
  return <span className={css.mark} data-tone={tone} title={wrong.map(f => f.detail).join('\n')}><IconAlertTriangle size={15} aria-hidden />{ngettext(msgid`${n} finding`, `${n} findings`, n)}</span>
}
