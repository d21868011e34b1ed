import { CloseButton, SegmentedControl, Skeleton, TextInput } from '@mantine/core'
import { IconCheck, IconClock, IconClockX, IconSearch } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { c, msgid, ngettext, t } from 'ttag'
import { useSession } from '../api/queries.ts'
import { Header } from '../app/Header.tsx'
import { QueuePicker } from '../app/QueuePicker.tsx'
import { useNow } from '../app/useToday.ts'
import { Coverage } from '../coverage/Coverage.tsx'
import { clock } from '../format/duration.ts'
import { useFormats } from '../format/intl.ts'
import { bareNumber, phone } from '../format/phone.ts'
import { arrows } from '../parts/arrows.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import { NotForOperators } from '../reports/CataloguePage.tsx'
import type { Definition } from '../reports/contract.ts'
import { questionOf, useCatalogue, useTable } from '../reports/useReport.ts'
import { caseWord } from '../reports/values.ts'
import { useToday } from '../app/useToday.ts'
import { casesOf, type Case } from './cases.ts'
import css from './MissedPage.module.css'

const columns = ['case_state', 'first_missed', 'last_missed', 'tries', 'case_queue', 'contact_at', 'contact_who', 'recall_time']

/** Who called and was not spoken with: the work list of callbacks. A case closes by itself when anybody speaks with the caller. */
export function MissedPage() {
  const { user } = useSession()
  const { words, isError, error, refetch } = useCatalogue()
  const definition = words?.report('missed')
  if (user.role === 'operator') return <NotForOperators />
  if (isError) return <><Header title={t`Missed callers`} /><ErrorState problem={error} retry={() => void refetch()} /></>
  if (!definition) return <><Header title={t`Missed callers`} /><Bones /></>
  return <Cases definition={definition} />
}

function Cases({ definition }: { definition: Definition }) {
  const { all = false, find = '' } = useSearch({ from: '/missed' })
  const { queue } = useSearch({ from: '__root__' })
  const { zone } = useFormats()
  const navigate = useNavigate()
  const today = useToday(zone)
  const now = Math.floor(useNow(60_000) / 60_000) * 60_000
  const queues = queue?.join()
  const question = useMemo(
    () => questionOf(definition, { by: ['case'], cols: columns }, { period: '7d', queue: queues ? queues.split(',').map(Number) : undefined }, today, zone, now),
    [definition, queues, today, zone, now],
  )
  const { data, isError, error, refetch } = useTable(question)
  const cases = useMemo(() => (data ? casesOf(data.table) : []), [data])
  const wanted = bareNumber(find)
  const fits = cases.filter(one => one.number.includes(wanted) && (all || !one.closed))
  const open = cases.filter(one => !one.closed).length
  return (
    <>
      <Header title={t`Missed callers`} aside={<><Coverage from={question.from} to={question.to} pbx={undefined} />{data && <span className="num">{ngettext(msgid`${open} to call back`, `${open} to call back`, open)}</span>}</>}>
        <QueuePicker />
        <SegmentedControl size="xs" aria-label={t`Which are shown`} data={[{ value: 'open', label: c('missed callers').t`To call back` }, { value: 'all', label: c('missed callers').t`All of 7 days` }]} value={all ? 'all' : 'open'} onChange={value => void navigate({ to: '.', search: old => ({ ...old, all: value === 'all' ? true : undefined }), replace: true })} />
        <TextInput size="xs" type="search" inputMode="tel" aria-label={t`Number, or part of it`} placeholder={t`Number`} value={find} onChange={event => { const typed = event.currentTarget.value; void navigate({ to: '.', search: old => ({ ...old, find: typed || undefined }), replace: true }) }} leftSection={<IconSearch size={15} aria-hidden />} rightSection={find && <CloseButton size="xs" aria-label={t`Clear the number`} onClick={() => void navigate({ to: '.', search: old => ({ ...old, find: undefined }), replace: true })} />} />
      </Header>
      <div className={css.page}>
        {isError && !data && <ErrorState problem={error} retry={() => void refetch()} />}
        {!isError && !data && <Bones />}
        {data && fits.length === 0 && <EmptyState icon={<IconCheck />} title={cases.length > 0 && !wanted ? t`Everybody was called back` : t`No missed callers`} text={wanted ? t`Nobody with this number. Take a part of it away, or show all.` : t`Who calls, is not spoken with and does not get through later appears here, for seven days.`} />}
        {fits.length > 0 && (
          <table className={css.table}>
            <thead><tr><th scope="col">{t`State`}</th><th scope="col">{t`Caller`}</th><th scope="col">{t`Queue`}</th><th scope="col">{t`Missed`}</th><th scope="col" className={css.right}>{t`Tries`}</th><th scope="col">{t`Spoken with`}</th><th scope="col" className={css.right}>{t`After`}</th></tr></thead>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
            <tbody onKeyDown={arrows}>{fits.slice(0, 500).map(one => <Line key={one.key} one={one} now={now} />)}</tbody>
          </table>
        )}
      </div>
    </>
  )
}

function Line({ one, now }: { one: Case; now: number }) {
  const formats = useFormats()
  const Icon = one.closed ? IconCheck : one.state === 'expired' ? IconClockX : IconClock
  return (
    <tr data-closed={one.closed || undefined}>
      <td><span className={css.state} data-tone={one.closed ? 'talking' : one.state === 'expired' ? 'breach' : 'waiting'}><Icon size={14} aria-hidden />{caseWord(one.state)}</span></td>
      <td><Link to="/calls" search={{ number: one.number || undefined, period: '7d' }} data-stop className={css.number} title={t`All calls with this number`}>{one.number ? phone(one.number) : t`hidden number`}</Link></td>
      <td>{one.queue || '–'}</td>
      <td><span className="num">{formats.moment(one.first)}</span> <span className={css.ago}>{formats.ago(one.first, Math.max(now, one.first))}</span></td>
      <td className={`${css.right} num`}>{formats.number(one.tries)}</td>
      <td>{one.closed ? <><span className="num">{formats.moment(one.contact)}</span>{one.who && <span className={css.ago}> {one.who}</span>}</> : '–'}</td>
      <td className={`${css.right} num`}>{one.after === null || !one.closed ? '–' : clock(one.after)}</td>
    </tr>
  )
}

function Bones() {
  return <div className={css.bones} role="status" aria-busy="true" aria-label={t`Loading the missed callers`}>{Array.from({ length: 10 }, (_, i) => <Skeleton key={i} height={14} width={`${60 + ((i * 17) % 36)}%`} />)}</div>
}

