import { Autocomplete, Button, Select, Skeleton, TextInput } from '@mantine/core'
import { IconArrowsExchange, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { api } from '../api/client.ts'
import { endpointsQuery, trunkPairsQuery, useNames } from '../api/queries.ts'
import { useCan } from '../api/rights.ts'
import type { InForce as Decided, TrunkPair, TrunkPairDecision } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { Refused } from '../parts/Refused.tsx'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { InForce } from './InForce.tsx'
import page from './NumbersPage.module.css'
import { byNeed, keyOf } from './pairs.ts'
import css from './TrunksPage.module.css'

interface Decide { set(pair: TrunkPair, state: TrunkPairDecision['state']): void; takeBack(pair: TrunkPair): void; busy: string | null }

/** Which endpoints of two PBXs are the ends of one trunk: by what calls showed, and by somebody's word. */
export function TrunksPage() {
  const administrator = useCan('settings.write')
  const { data, isPending, isError, error, refetch } = useQuery(trunkPairsQuery)
  const [adding, setAdding] = useState(false)
  const { decide, decided, problem, took } = useDecide()
  const { proposed, confirmed, rejected } = byNeed(data?.pairs ?? [])
  const add = administrator && <Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setAdding(true)}>{t`Add a trunk`}</Button>
  return (
    <div className={page.page}>
      {isPending && <div role="status" aria-busy="true" aria-label={t`Loading trunks`} className={page.part}><Skeleton height={60} /><Skeleton height={60} /></div>}
      {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
      {data?.pairs.length === 0 && (
        <EmptyState icon={<IconArrowsExchange />} title={t`No trunk between your PBXs was seen`} text={t`Pairs are proposed by themselves once a call goes from one of your PBXs to another. If you know of a trunk, you can name it before.`} action={add} />
      )}
      {data && data.pairs.length > 0 && (
        <div className={page.parts}>
          {(decided || problem) && <div className={page.part}><Refused problem={problem} />{decided && <InForce decided={decided} />}</div>}
          <Part id="proposed" title={t`Proposed by what was seen`} text={t`Confirm a pair, and both ends count as a trunk: calls over it are joined by numbers even half a minute apart, and never with calls over other trunks. Reject it, and numbers and times no longer join calls over it; a common reference or SIP Call-ID still does.`} pairs={proposed} decide={administrator ? decide : null} none={t`Nothing waits for a decision.`} />
          <Part id="confirmed" title={t`Confirmed`} text="" pairs={confirmed} decide={administrator ? decide : null} none={t`None yet.`} />
          {rejected.length > 0 && <Part id="rejected" title={t`Rejected`} text="" pairs={rejected} decide={administrator ? decide : null} none="" />}
          {add && <div className={page.part}><div>{add}</div></div>}
        </div>
      )}
      {adding && <AddPair close={() => setAdding(false)} done={took} />}
    </div>
  )
}

function useDecide() {
  const client = useQueryClient()
  const [decided, setDecided] = useState<Decided | null>(null)
  const took = async (answer: Decided) => {
    setDecided(answer)
    await client.invalidateQueries({ queryKey: trunkPairsQuery.queryKey })
    await client.invalidateQueries({ queryKey: endpointsQuery.queryKey })
  }
  const change = useMutation({
    mutationFn: ({ pair: { pbx, endpoint, peer, peer_endpoint, note }, state }: { pair: TrunkPair; state: TrunkPairDecision['state'] | null }) =>
      state ? api.setTrunkPair({ pbx, endpoint, peer, peer_endpoint, note, state }) : api.removeTrunkPair({ pbx, endpoint, peer, peer_endpoint }),
    onMutate: () => setDecided(null),
    onSuccess: took,
  })
  const busy = change.isPending && change.variables ? keyOf(change.variables.pair) : null
  const decide: Decide = { set: (pair, state) => change.mutate({ pair, state }), takeBack: pair => change.mutate({ pair, state: null }), busy }
  return { decide, decided, problem: change.error, took }
}

function Part({ id, title, text, pairs, decide, none }: { id: string; title: string; text: string; pairs: TrunkPair[]; decide: Decide | null; none: string }) {
  return (
    <section className={page.part} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {text && <p className={page.quiet}>{text}</p>}
      {pairs.length === 0 && <p className={page.quiet}>{none}</p>}
      {pairs.length > 0 && <ul className={css.pairs}>{pairs.map(pair => <Pair key={keyOf(pair)} pair={pair} decide={decide} />)}</ul>}
    </section>
  )
}

function Pair({ pair, decide }: { pair: TrunkPair; decide: Decide | null }) {
  const formats = useFormats()
  const names = useNames()
  const made = pair.made ? formats.day(pair.made) : ''
  const busy = decide?.busy === keyOf(pair)
  return (
    <li className={css.pair}>
      <span className={css.ends}>
        <span><small>{names.pbx(pair.pbx)}</small><b>{pair.endpoint}</b></span>
        <IconArrowsExchange size={16} aria-label={t`and`} />
        <span><small>{names.pbx(pair.peer)}</small><b>{pair.peer_endpoint}</b></span>
      </span>
      <span className={css.seen}>
        <Evidence pair={pair} />
        {made && <span>{[t`decided on ${made}`, pair.note].filter(Boolean).join(': ')}</span>}
      </span>
      {decide && (
        <span className={css.buttons}>
          {pair.state !== 'confirmed' && <Button size="compact-sm" variant={pair.state === 'proposed' ? 'filled' : 'default'} loading={busy} onClick={() => decide.set(pair, 'confirmed')}>{t`Confirm`}</Button>}
          {pair.state !== 'rejected' && <Button size="compact-sm" variant="default" loading={busy} onClick={() => decide.set(pair, 'rejected')}>{t`Reject`}</Button>}
          {pair.state !== 'proposed' && <Button size="compact-sm" variant="default" loading={busy} onClick={() => decide.takeBack(pair)}>{t`Take back`}</Button>}
        </span>
      )}
    </li>
  )
}

/** By what calls went from one end to the other: certain, likely, possible. */
function Evidence({ pair }: { pair: TrunkPair }) {
  const formats = useFormats()
  const { certain, likely, possible } = pair
  const nCertain = formats.number(certain)
  const nLikely = formats.number(likely)
  const nPossible = formats.number(possible)
  const seen = pair.last_seen ? formats.moment(pair.last_seen) : ''
  const told = [
    certain > 0 && ngettext(msgid`${nCertain} call for certain`, `${nCertain} calls for certain`, certain),
    likely > 0 && ngettext(msgid`${nLikely} likely`, `${nLikely} likely`, likely),
    possible > 0 && ngettext(msgid`${nPossible} possible`, `${nPossible} possible`, possible),
  ].filter(word => word !== false)
  const help = t`Certain: a reference or the SIP Call-ID was seen on both PBXs. Likely: numbers and times fit and nothing else did. Possible: more than one call would have fitted.`
  return (
    <>
      <span className="num" title={help}>{told.length > 0 ? told.join(', ') : t`no call was seen over it`}</span>
      {seen && <span className="num">{t`last ${seen}`}</span>}
    </>
  )
}

function AddPair({ close, done }: { close(): void; done(decided: Decided): Promise<void> }) {
  const names = useNames()
  const { data } = useQuery(endpointsQuery)
  const pbxs = names.directory.pbxs.map(one => ({ value: String(one.id), label: one.name }))
  const [chosen, setPBX] = useState<string | null>(null)
  const [other, setPeer] = useState<string | null>(null)
  const pbx = chosen ?? pbxs[0]?.value ?? null
  const peer = (other !== pbx ? other : null) ?? pbxs.find(one => one.value !== pbx)?.value ?? null
  const [endpoint, setEndpoint] = useState('')
  const [peerEndpoint, setPeerEndpoint] = useState('')
  const [note, setNote] = useState('')
  const trunks = (of: string | null) => [...new Set((data?.endpoints ?? []).filter(one => String(one.pbx) === of && one.class !== 'device').map(one => one.endpoint))]
  const save = useMutation({
    mutationFn: () => api.setTrunkPair({ pbx: Number(pbx), endpoint: endpoint.trim(), peer: Number(peer), peer_endpoint: peerEndpoint.trim(), note: note.trim(), state: 'confirmed' }),
    onSuccess: async answer => {
      await done(answer)
      close()
    },
  })
  return (
    <FormDialog title={t`Add a trunk`} close={close} submit={() => save.mutate()} verb={t`Add`} pending={save.isPending} problem={save.error} ready={Boolean(pbx && peer && pbx !== peer && endpoint.trim() && peerEndpoint.trim())} size={560}>
      <p>{t`A trunk has an end on each of two PBXs. What leaves by one end comes in at the other; both halves become one call.`}</p>
      <div className={css.side}>
        <Select label={t`PBX`} data={pbxs} value={pbx} onChange={setPBX} allowDeselect={false} />
        <Autocomplete label={t`Endpoint there`} placeholder="PJSIP/branch" data={trunks(pbx)} value={endpoint} onChange={setEndpoint} maxLength={200} />
        <Select label={t`The other PBX`} data={pbxs.filter(one => one.value !== pbx)} value={peer} onChange={setPeer} allowDeselect={false} />
        <Autocomplete label={t`Its endpoint`} placeholder="PJSIP/main" data={trunks(peer)} value={peerEndpoint} onChange={setPeerEndpoint} maxLength={200} />
      </div>
      <TextInput label={t`Why`} description={t`For whoever asks later`} value={note} onChange={event => setNote(event.currentTarget.value)} maxLength={200} />
    </FormDialog>
  )
}
