import { NumberInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { didsQuery, prefixesQuery, trunkLinesQuery } from '../api/queries.ts'
import type { CityNumber, Prefix, TrunkLine } from '../api/types.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { ErrorState } from '../parts/States.tsx'
import { Files } from './Files.tsx'
import { Listing, LoadingPart } from './Listing.tsx'
import { useMay } from './may.ts'
import { AddButton, type Open, Quiet, RemoveDialog, Section, SettingsPart, useChange } from './Section.tsx'

/** Names and lines of trunks, what numbers the outside calls in by are for, and areas. */
export function LinesPage() {
  return (
    <SettingsPart>
      <Trunks />
      <CityNumbers />
      <Areas />
    </SettingsPart>
  )
}

function Trunks() {
  const may = useMay('settings')
  const { data, isPending, isError, error, refetch } = useQuery(trunkLinesQuery)
  const [open, setOpen] = useState<TrunkLine | null>(null)
  if (isPending) return <LoadingPart label={t`Loading trunks`} />
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  const nameOf = (one: TrunkLine) => one.name || one.endpoint
  return (
    <Section title={t`Trunks`} text={t`With the number of lines, the report of trunk load says how close a trunk came to being full.`} tools={<Files lists={[{ list: 'trunks', name: t`Trunks` }]} write={may} />}>
      {data.trunks.length === 0 && <Quiet>{t`No trunk was seen yet. Trunks appear by themselves with the first call over them.`}</Quiet>}
      {data.trunks.length > 0 && (
        <Listing
          label={t`Trunks`} rows={data.trunks} keyOf={one => one.id} nameOf={nameOf} change={may ? setOpen : undefined}
          columns={[{ head: t`Name`, cell: nameOf }, { head: t`Endpoint`, cell: one => `${one.endpoint} · ${one.station}`, quiet: true }, { head: t`Lines`, cell: one => one.lines || '–', figure: true }]}
        />
      )}
      {open && <TrunkForm trunk={open} close={() => setOpen(null)} />}
    </Section>
  )
}

function TrunkForm({ trunk, close }: { trunk: TrunkLine; close(): void }) {
  const [name, setName] = useState(trunk.name)
  const [lines, setLines] = useState(trunk.lines)
  const save = useChange(() => api.setTrunkLine({ ...trunk, name: name.trim(), lines }), close)
  return (
    <FormDialog title={trunk.endpoint} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error}>
      <TextInput data-autofocus label={t`Name`} description={t`The carrier, the line. Empty: as the PBX calls it.`} value={name} onChange={event => setName(event.currentTarget.value)} maxLength={200} />
      <NumberInput label={t`Lines`} description={t`How many calls it carries at once, by contract or by equipment. 0: not known.`} inputWrapperOrder={['label', 'input', 'description']} value={lines} onChange={value => setLines(Number(value) || 0)} min={0} max={100_000} allowDecimal={false} hideControls />
    </FormDialog>
  )
}

function CityNumbers() {
  const may = useMay('settings')
  const { data, isError, error, refetch } = useQuery(didsQuery)
  const [open, setOpen] = useState<CityNumber | null>(null)
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  if (!data) return null
  return (
    <Section title={t`Numbers the outside calls in by`} text={t`What each is for: a hotline, a branch, an advertisement. What counts as such a number is decided on the page Numbers.`} tools={<Files lists={[{ list: 'dids', name: t`Numbers the outside calls in by` }]} write={may} />}>
      {data.dids.length === 0 && <Quiet>{t`Nobody has called in yet. Numbers appear by themselves with the first call.`}</Quiet>}
      {data.dids.length > 0 && (
        <Listing
          label={t`Numbers the outside calls in by`} rows={data.dids} keyOf={one => one.id} nameOf={one => one.number} change={may ? setOpen : undefined}
          columns={[{ head: t`Number`, cell: one => <span className="num">{one.number}</span> }, { head: t`For`, cell: one => one.name || '–' }, { head: t`Station`, cell: one => one.station, quiet: true }]}
        />
      )}
      {open && <NumberForm number={open} close={() => setOpen(null)} />}
    </Section>
  )
}

function NumberForm({ number, close }: { number: CityNumber; close(): void }) {
  const [name, setName] = useState(number.name)
  const save = useChange(() => api.setDID({ ...number, name: name.trim() }), close)
  return (
    <FormDialog title={number.number} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error}>
      <TextInput data-autofocus label={t`What it is for`} value={name} onChange={event => setName(event.currentTarget.value)} maxLength={200} />
    </FormDialog>
  )
}

function Areas() {
  const may = useMay('settings')
  const { data, isError, error, refetch } = useQuery(prefixesQuery)
  const [open, setOpen] = useState<Open<Prefix>>(null)
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  if (!data) return null
  const tools = (
    <>
      {may && <AddButton onClick={() => setOpen({ kind: 'add' })}>{t`Add an area`}</AddButton>}
      <Files lists={[{ list: 'prefixes', name: t`Areas` }]} write={may} />
    </>
  )
  return (
    <Section title={t`Areas`} text={t`Callers by where their number begins; the longest beginning that fits decides.`} tools={tools}>
      {data.prefixes.length === 0 && <Quiet>{t`No areas yet. A list of codes is quickest by CSV, with the columns prefix and name.`}</Quiet>}
      {data.prefixes.length > 0 && (
        <Listing
          label={t`Areas`} rows={data.prefixes} keyOf={one => one.prefix} nameOf={one => one.prefix} change={may ? row => setOpen({ kind: 'change', row }) : undefined} remove={may ? row => setOpen({ kind: 'remove', row }) : undefined}
          columns={[{ head: t`Begins with`, cell: one => <span className="num">{one.prefix}</span> }, { head: t`Area`, cell: one => one.name }]}
        />
      )}
      {(open?.kind === 'add' || open?.kind === 'change') && <AreaForm prefix={open.kind === 'change' ? open.row : undefined} close={() => setOpen(null)} />}
      {open?.kind === 'remove' && <RemoveDialog name={open.row.prefix} text={t`Numbers that begin so count to the area of a shorter beginning, or to none.`} remove={() => api.removePrefix(open.row.prefix)} close={() => setOpen(null)} />}
    </Section>
  )
}

function AreaForm({ prefix, close }: { prefix: Prefix | undefined; close(): void }) {
  const [begin, setBegin] = useState(prefix?.prefix ?? '')
  const [name, setName] = useState(prefix?.name ?? '')
  const save = useChange(() => api.setPrefix({ prefix: begin.trim(), name: name.trim() }), close)
  return (
    <FormDialog title={prefix ? prefix.prefix : t`Add an area`} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error} ready={begin.trim() !== '' && name.trim() !== ''}>
      {!prefix && <TextInput data-autofocus label={t`Begins with`} description={t`The first digits as calls show them, with the country: 7495.`} value={begin} onChange={event => setBegin(event.currentTarget.value)} maxLength={20} inputMode="numeric" />}
      <TextInput data-autofocus={prefix ? true : undefined} label={t`Area`} value={name} onChange={event => setName(event.currentTarget.value)} maxLength={200} />
    </FormDialog>
  )
}
