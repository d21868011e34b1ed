import { NumberInput, Radio, Select, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { c, t } from 'ttag'
import { api } from '../api/client.ts'
import { policiesQuery, useNames } from '../api/queries.ts'
import type { Policy } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { instantOf, wallOf } from '../format/zone.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { ErrorState } from '../parts/States.tsx'
import { Files } from './Files.tsx'
import { type Column, Listing, LoadingPart } from './Listing.tsx'
import { useMay } from './may.ts'
import css from './PoliciesPage.module.css'
import { byDefault, example, exampleShare, formula, type Variant, variantName, variants, variantText } from './policies.ts'
import { AddButton, type Open, Quiet, RemoveDialog, Section, SettingsPart, useChange } from './Section.tsx'

/** How the service level is computed, per queue and from when on; and what each formula means. */
export function PoliciesPage() {
  const may = useMay('policies')
  const formats = useFormats()
  const names = useNames()
  const { data, isPending, isError, error, refetch } = useQuery(policiesQuery)
  const [open, setOpen] = useState<Open<Policy>>(null)
  if (isPending) return <LoadingPart label={t`Loading the service level`} />
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  const { policies } = data
  const builtIn = formula(byDefault)
  const nameOf = (one: Policy) => (one.queue === null ? t`All queues` : names.queue(one.queue))
  const columns: Column<Policy>[] = [
    { head: t`Queue`, cell: nameOf },
    { head: t`In force`, cell: one => since(one.from === null ? '' : formats.moment(one.from)) },
    { head: t`Formula`, cell: one => <span title={formula(one)}>SL{one.variant}: {formula(one)}</span>, quiet: true },
    { head: t`Short abandons`, cell: one => shortsText(one), quiet: true },
    { head: t`Target`, cell: one => (one.target > 0 ? `${formats.number(one.target * 100)} %` : '–'), figure: true },
  ]
  const tools = (
    <>
      {may && <AddButton onClick={() => setOpen({ kind: 'add' })}>{t`Add a policy`}</AddButton>}
      <Files lists={[{ list: 'policies', name: t`Service level` }]} write={may} />
    </>
  )
  return (
    <SettingsPart>
      <Section title={t`Service level`} text={t`A policy holds for one queue or for all that have none of their own, from a moment on that may be past. Reports of that time follow at once; every report prints the formula it was made by.`} tools={tools}>
        {policies.length === 0 && <Quiet>{t`Nobody decided anything, so all queues count like this: ${builtIn}, with a target of 80 %.`}</Quiet>}
        {policies.length > 0 && (
          <Listing label={t`Policies`} rows={policies} keyOf={one => one.id} nameOf={nameOf} columns={columns} change={may ? row => setOpen({ kind: 'change', row }) : undefined} remove={may ? row => setOpen({ kind: 'remove', row }) : undefined} />
        )}
      </Section>
      <Explained />
      {(open?.kind === 'add' || open?.kind === 'change') && <PolicyForm policy={open.kind === 'change' ? open.row : byDefault} close={() => setOpen(null)} />}
      {open?.kind === 'remove' && <RemoveDialog name={policyOf(nameOf(open.row))} text={t`What was in force before it counts on, for the past too.`} remove={() => api.removePolicy(open.row.id)} close={() => setOpen(null)} />}
    </SettingsPart>
  )
}

const since = (from: string) => (from ? t`from ${from}` : t`since ever`)
const policyOf = (queue: string) => t`the policy of ${queue}`

function shortsText({ short, shorts, variant }: Policy): string {
  if (short === 0) return '–'
  if (variant === 5) return t`below ${short} s count as served`
  return shorts === 1 ? t`below ${short} s are left out` : t`below ${short} s count as every abandon`
}

/** The five formulas side by side, each with what one and the same day comes to by it. */
function Explained() {
  const formats = useFormats()
  const { answered, answeredInTime, abandoned, abandonedInTime, abandonedShort } = example
  return (
    <Section title={t`The five formulas`} text={t`One day, five results: ${answered} calls answered, ${answeredInTime} of them in 20 s; ${abandoned} abandoned, ${abandonedInTime} of them in 20 s and ${abandonedShort} below 5 s. The example and the formulas are ICMI's (QueueTips, 2005).`}>
      <ul className={css.variants}>
        {variants.map(variant => {
          const share = exampleShare(variant) * 100
          return (
            <li key={variant} className={css.variant}>
              <div className={css.share}><b className="num">{formats.number(share, 1)} %</b><small>SL{variant}</small></div>
              <div>
                <h3>{variantName(variant)}</h3>
                <p className={css.formula}>{formula({ variant, threshold: 20, short: 5 })}</p>
                <p className={css.text}>{variantText(variant)}</p>
              </div>
            </li>
          )
        })}
      </ul>
      <Quiet>{t`Short abandons, those below a few seconds, count in SL1 to SL4 as every abandon or are left out, as the policy says. Asterisk's own ServiceLevelPerf is SL2, its ServiceLevelPerf2 is SL1.`}</Quiet>
    </Section>
  )
}

function PolicyForm({ policy, close }: { policy: Policy; close(): void }) {
  const { zone } = useFormats()
  const { directory } = useNames()
  const [queue, setQueue] = useState<string | null>(policy.queue === null ? null : String(policy.queue))
  const [dated, setDated] = useState(policy.from !== null)
  const [wall, setWall] = useState(() => wallOf(policy.from ?? Date.now(), zone))
  const [variant, setVariant] = useState(policy.variant)
  const [threshold, setThreshold] = useState(policy.threshold)
  const [short, setShort] = useState(policy.short)
  const [ignored, setIgnored] = useState(policy.shorts === 1)
  const [target, setTarget] = useState(Math.round(policy.target * 1000) / 10)
  const [minutes, setMinutes] = useState(policy.call_back / 60)
  const from = dated ? (policy.from && wallOf(policy.from, zone) === wall ? policy.from : instantOf(wall, zone)?.toISOString()) : null
  const body = { queue: queue === null ? null : Number(queue), from: from ?? null, threshold, short, variant, shorts: ignored ? 1 : 0, target: target / 100, call_back: Math.round(minutes * 60) }
  const save = useChange(() => api.setPolicy(policy.id, body), close)
  const whole = (set: (value: number) => void) => (value: string | number) => set(Number(value) || 0)
  return (
    <FormDialog title={policy.id ? t`Change the policy` : t`Add a policy`} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error} ready={from !== undefined && threshold > 0} size={620}>
      <Select label={t`Queue`} placeholder={t`All queues that have no policy of their own`} data={directory.queues.map(one => ({ value: String(one.id), label: `${one.name || one.number} (${one.number}, ${one.station})` }))} value={queue} onChange={setQueue} searchable clearable clearButtonProps={{ 'aria-label': t`All queues` }} nothingFoundMessage={t`Nothing found`} />
      <div className={css.pair}>
        <Switch checked={dated} onChange={event => setDated(event.currentTarget.checked)} label={t`In force from a moment on`} description={dated ? t`Calls that enter the queue from then on.` : t`Since ever.`} />
        {dated && <TextInput type="datetime-local" label={t`From`} value={wall} onChange={event => setWall(event.currentTarget.value)} />}
      </div>
      <Radio.Group label={t`Formula`} value={String(variant)} onChange={value => setVariant(Number(value) as Variant)}>
        <div className={css.radios}>
          {variants.map(one => <Radio key={one} value={String(one)} label={`SL${one}: ${variantName(one)}`} description={formula({ variant: one, threshold, short })} />)}
        </div>
      </Radio.Group>
      <div className={css.pair}>
        <NumberInput label={t`Threshold, seconds`} value={threshold} onChange={whole(setThreshold)} min={1} max={3600} allowDecimal={false} hideControls />
        <NumberInput label={t`Target, %`} description={t`0: none`} inputWrapperOrder={['label', 'input', 'description']} value={target} onChange={whole(setTarget)} min={0} max={100} decimalScale={1} hideControls />
      </div>
      <div className={css.pair}>
        <NumberInput label={t`Short abandon, seconds`} description={t`Who gives up sooner is one.`} inputWrapperOrder={['label', 'input', 'description']} value={short} onChange={whole(setShort)} min={0} max={600} allowDecimal={false} hideControls />
        <NumberInput label={t`Call back within, minutes`} description={t`By when a missed caller is to be called.`} inputWrapperOrder={['label', 'input', 'description']} value={minutes} onChange={whole(setMinutes)} min={0} max={10_080} hideControls />
      </div>
      {variant !== 5 && <Switch checked={ignored} onChange={event => setIgnored(event.currentTarget.checked)} label={t`Leave short abandons out`} description={ignored ? c('short abandons').t`As if they had never called.` : c('short abandons').t`They count as every abandon.`} />}
    </FormDialog>
  )
}
