import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { endpointsQuery, useNames } from '../api/queries.ts'
import { useCan } from '../api/rights.ts'
import type { Endpoint } from '../api/types.ts'
import { useFormats } from '../format/intl.ts'
import { Refused } from '../parts/Refused.tsx'
import { endpointWord } from '../parts/words.ts'
import css from './DevicesPage.module.css'
import { contradicts } from './endpoints.ts'
import { InForce } from './InForce.tsx'
import { DetailHead } from './Split.tsx'
import split from './Split.module.css'
import { useStations } from './StationPicker.tsx'

/** One endpoint: what it counts as, by which signs, and somebody's word against them. */
export function EndpointDetail({ endpoint, close }: { endpoint: Endpoint; close(): void }) {
  const formats = useFormats()
  const names = useNames()
  const { nameOf } = useStations()
  const station = nameOf(endpoint.station)
  const pbx = names.pbx(endpoint.pbx)
  const learned = endpointWord(endpoint.learned)
  return (
    <>
      <DetailHead title={endpoint.endpoint} text={[pbx, station !== pbx && t`station ${station}`].filter(Boolean).join(' · ')} close={close} />
      <div className={split.part}>
        <dl className={css.facts}>
          <Fact label={t`Taken for`} value={endpointWord(endpoint.class)} />
          {endpoint.class !== 'trunk' && <Fact label={t`Known under number`} value={endpoint.number || '–'} />}
          {endpoint.name && <Fact label={t`Name`} value={endpoint.name} />}
          <Fact label={t`First seen`} value={endpoint.first_seen ? formats.moment(endpoint.first_seen) : t`not yet`} />
          <Fact label={t`Last seen`} value={endpoint.last_seen ? formats.moment(endpoint.last_seen) : t`not yet`} />
        </dl>
      </div>
      <div className={split.part}>
        <h3>{t`What was seen of it`}</h3>
        {endpoint.signs.length === 0 ? <p className={split.quiet}>{t`Nothing that tells what it is. Until then calls by it count with what their numbers say.`}</p> : <ul className={css.signs}>{endpoint.signs.map(sign => <li key={sign}>{sign}</li>)}</ul>}
        {contradicts(endpoint) && <p className={split.quiet}>{t`By these signs it would count as: ${learned}. Somebody's word counts more.`}</p>}
      </div>
      <Correction endpoint={endpoint} administrator={useCan('settings.write')} />
    </>
  )
}

function Fact({ label, value }: { label: string; value: string }) {
  return <div><dt>{label}</dt><dd className="num">{value}</dd></div>
}

function Correction({ endpoint, administrator }: { endpoint: Endpoint; administrator: boolean }) {
  const client = useQueryClient()
  const formats = useFormats()
  const { correction } = endpoint
  const [decided, setDecided] = useState<string>(correction?.decided ?? (endpoint.class === 'unknown' ? 'device' : endpoint.class))
  const [number, setNumber] = useState(correction?.number ?? '')
  const [note, setNote] = useState(correction?.note ?? '')
  const { station, endpoint: name } = endpoint
  const again = () => client.invalidateQueries({ queryKey: endpointsQuery.queryKey })
  const save = useMutation({
    mutationFn: () => api.correctEndpoint({ station, endpoint: name, class: decided === 'trunk' ? 'trunk' : 'device', number: decided === 'trunk' ? '' : number.trim(), note: note.trim() }),
    onSuccess: again,
  })
  const takeBack = useMutation({ mutationFn: () => api.uncorrectEndpoint(station, name), onSuccess: again })
  const made = correction ? formats.moment(correction.made) : ''
  const said = correction ? endpointWord(correction.decided).toLocaleLowerCase() : ''
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    takeBack.reset()
    save.mutate()
  }
  const decision = save.data ?? takeBack.data
  return (
    <div className={split.part}>
      <h3>{t`Somebody's word`}</h3>
      <p className={split.quiet}>{correction ? t`Corrected on ${made}: ${said}.` : t`Nobody corrected it: what was seen decides.`} {!administrator && correction?.note}</p>
      {administrator && (
        <form className={css.form} onSubmit={submit}>
          <SegmentedControl size="xs" aria-label={t`It is`} data={[{ value: 'device', label: endpointWord('device') }, { value: 'trunk', label: endpointWord('trunk') }]} value={decided} onChange={setDecided} />
          <div className={css.fields}>
            {decided === 'device' && <TextInput size="xs" label={t`Its number`} description={t`Empty: as it was learned`} inputWrapperOrder={['label', 'input', 'description']} placeholder={endpoint.number} value={number} onChange={event => setNumber(event.currentTarget.value)} maxLength={40} inputMode="tel" />}
            <TextInput size="xs" className={css.note} label={t`Why`} description={t`For whoever asks later`} inputWrapperOrder={['label', 'input', 'description']} value={note} onChange={event => setNote(event.currentTarget.value)} maxLength={200} />
          </div>
          <Refused problem={save.error ?? takeBack.error} />
          <div className={css.buttons}>
            <Button size="xs" type="submit" loading={save.isPending}>{t`Save`}</Button>
            {correction && <Button size="xs" variant="default" loading={takeBack.isPending} onClick={() => { save.reset(); takeBack.mutate() }}>{t`Take it back`}</Button>}
          </div>
        </form>
      )}
      {decision && <InForce decided={decision} />}
    </div>
  )
}
