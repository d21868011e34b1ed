import { NumberInput, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { reasonsQuery } from '../api/queries.ts'
import type { Reason } from '../api/types.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { ErrorState } from '../parts/States.tsx'
import { Files } from './Files.tsx'
import { type Column, Listing, LoadingPart } from './Listing.tsx'
import { useMay } from './may.ts'
import { AddButton, type Open, Quiet, RemoveDialog, Section, SettingsPart, useChange } from './Section.tsx'

const nothing: Reason = { reason: '', name: '', paid: false, work: false, limit: 0 }

/** What reasons of pauses mean. */
export function StatusesPage() {
  const may = useMay('settings')
  const { data, isPending, isError, error, refetch } = useQuery(reasonsQuery)
  const [open, setOpen] = useState<Open<Reason>>(null)
  if (isPending) return <LoadingPart label={t`Loading statuses`} />
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  const nameOf = (one: Reason) => one.name || reasonWord(one.reason)
  const columns: Column<Reason>[] = [
    { head: t`Name`, cell: nameOf },
    { head: t`As the PBX says it`, cell: one => (one.reason ? <code>{one.reason}</code> : t`pauses without a reason`) },
    { head: t`Counts as`, cell: one => countsAs(one), quiet: true },
    { head: t`May last, minutes`, cell: one => (one.limit > 0 ? Math.round(one.limit / 6) / 10 : '–'), figure: true },
  ]
  const seen = data.seen.map(reason => ({ ...nothing, reason }))
  const tools = (
    <>
      {may && <AddButton onClick={() => setOpen({ kind: 'add' })}>{t`Add a reason`}</AddButton>}
      <Files lists={[{ list: 'reasons', name: t`Statuses` }]} write={may} />
    </>
  )
  return (
    <SettingsPart>
      <Section title={t`Reasons of pauses`} text={t`PBXs say why an operator pauses by a word of their own. Say what it means, and availability, utilization and adherence follow, for the past too.`} tools={tools}>
        {data.reasons.length === 0 && <Quiet>{t`Nothing was decided yet: every pause is an unpaid break without a limit.`}</Quiet>}
        {data.reasons.length > 0 && <Listing label={t`Reasons of pauses`} rows={data.reasons} keyOf={one => one.reason} nameOf={nameOf} columns={columns} change={may ? row => setOpen({ kind: 'change', row }) : undefined} remove={may ? row => setOpen({ kind: 'remove', row }) : undefined} />}
      </Section>
      {seen.length > 0 && (
        <Section title={t`Seen in the last 30 days, not decided`}>
          <Listing label={t`Seen and not decided`} rows={seen} keyOf={one => one.reason} nameOf={nameOf} columns={columns.slice(1, 2).map(one => ({ ...one, head: t`As the PBX says it` }))} change={may ? row => setOpen({ kind: 'change', row }) : undefined} />
        </Section>
      )}
      {(open?.kind === 'add' || open?.kind === 'change') && <ReasonForm reason={open.kind === 'change' ? open.row : undefined} close={() => setOpen(null)} />}
      {open?.kind === 'remove' && <RemoveDialog name={nameOf(open.row)} text={t`Such pauses are an unpaid break without a limit again.`} remove={() => api.removeReason(open.row.reason)} close={() => setOpen(null)} />}
    </SettingsPart>
  )
}

const reasonWord = (reason: string) => reason || t`Without a reason`

function countsAs({ paid, work }: Reason): string {
  if (work) return paid ? t`work, paid` : t`work, unpaid`
  return paid ? t`a paid break` : t`an unpaid break`
}

function ReasonForm({ reason, close }: { reason: Reason | undefined; close(): void }) {
  const [of, setOf] = useState(reason?.reason ?? '')
  const [name, setName] = useState(reason?.name ?? '')
  const [paid, setPaid] = useState(reason?.paid ?? false)
  const [work, setWork] = useState(reason?.work ?? false)
  const [minutes, setMinutes] = useState((reason?.limit ?? 0) / 60)
  const save = useChange(() => api.setReason({ reason: of.trim(), name: name.trim(), paid, work, limit: Math.round(minutes * 60) }), close)
  return (
    <FormDialog title={reason ? reasonWord(reason.reason) : t`Add a reason`} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error}>
      {!reason && <TextInput data-autofocus label={t`As the PBX says it`} description={t`The reason of QueuePause. Empty: pauses without one.`} value={of} onChange={event => setOf(event.currentTarget.value)} maxLength={200} />}
      <TextInput data-autofocus={reason ? true : undefined} label={t`Name`} description={t`As reports show it. Empty: as the PBX says it.`} value={name} onChange={event => setName(event.currentTarget.value)} maxLength={200} />
      <Switch checked={paid} onChange={event => setPaid(event.currentTarget.checked)} label={t`Paid`} description={t`It is part of paid time, by which utilization is computed.`} />
      <Switch checked={work} onChange={event => setWork(event.currentTarget.checked)} label={t`Work`} description={t`No break: training, back office, a meeting.`} />
      <NumberInput label={t`May last, minutes`} description={t`0: no limit`} inputWrapperOrder={['label', 'input', 'description']} value={minutes} onChange={value => setMinutes(Number(value) || 0)} min={0} max={1440} hideControls />
    </FormDialog>
  )
}
