import { ActionIcon, CloseButton, Skeleton, TextInput } from '@mantine/core'
import { IconBookmark, IconChartBar, IconSearch, IconStar, IconStarFilled, IconUsers } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from 'ttag'
import { useSession } from '../api/queries.ts'
import type { View } from '../api/types.ts'
import { Header } from '../app/Header.tsx'
import { PeriodPicker } from '../app/PeriodPicker.tsx'
import { QueuePicker } from '../app/QueuePicker.tsx'
import { arrows } from '../parts/arrows.ts'
import { EmptyState, ErrorState } from '../parts/States.tsx'
import css from './CataloguePage.module.css'
import type { Definition } from './contract.ts'
import { useCatalogue, type Words } from './useReport.ts'
import { useChangeViews, useViews, viewSearch } from './views.ts'

/** The reports there are, by what they are about; one's own views on top. */
export function CataloguePage() {
  const { user } = useSession()
  if (user.role === 'operator') return <NotForOperators />
  return (
    <>
      <Header title={t`Reports`}>
        <PeriodPicker />
        <QueuePicker />
      </Header>
      <div className={css.page}>
        <Content />
      </div>
    </>
  )
}

export function NotForOperators() {
  return (
    <>
      <Header title={t`Reports`} />
      <EmptyState title={t`This is not for your role`} text={t`Reports are seen by supervisors. If you need them, ask yours for another role.`} />
    </>
  )
}

function Content() {
  const { words, isError, error, refetch } = useCatalogue()
  const [typed, setTyped] = useState('')
  const views = useViews()
  if (isError) return <ErrorState problem={error} retry={() => void refetch()} />
  if (!words) return <Bones />
  const wanted = typed.trim().toLocaleLowerCase().split(/\s+/)
  const fits = (text: string) => wanted.every(word => text.toLocaleLowerCase().includes(word))
  const found = words.catalogue.reports.filter(one => fits(`${one.title} ${one.tells}`))
  const saved = (views.data?.views ?? []).filter(one => fits(one.name) && words.report(one.report))
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={css.content} onKeyDown={arrows}>
      <TextInput
        className={css.find} type="search" size="sm" data-stop aria-label={t`Find a report`} placeholder={t`Find a report`} value={typed} onChange={event => setTyped(event.currentTarget.value)}
        leftSection={<IconSearch size={16} aria-hidden />} rightSection={typed && <CloseButton size="sm" aria-label={t`Clear the text`} onClick={() => setTyped('')} />}
      />
      {saved.length > 0 && <SavedViews views={saved} words={words} />}
      {words.catalogue.families.map(family => <Family key={family.id} title={family.title} reports={found.filter(one => one.family === family.id)} />)}
      {found.length === 0 && saved.length === 0 && <EmptyState icon={<IconChartBar />} title={t`No report is called so`} text={t`Try another word: what a report tells is searched, too.`} />}
    </div>
  )
}

function Family({ title, reports }: { title: string; reports: Definition[] }) {
  if (reports.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <ul className={css.list}>
        {reports.map(({ id, title: name, tells }) => (
          <li key={id}>
            <Link to="/reports/$reportId" params={{ reportId: id }} className={css.report} data-stop>
              <b>{name}</b>
              <span>{tells}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function SavedViews({ views, words }: { views: View[]; words: Words }) {
  const { favor } = useChangeViews()
  const shown = [...views.filter(one => one.favorite), ...views.filter(one => !one.favorite)]
  return (
    <section>
      <h2>{t`Saved views`}</h2>
      <ul className={css.list}>
        {shown.map(one => {
          const report = words.report(one.report)?.title ?? one.report
          const label = one.favorite ? t`Take ${one.name} from the favorites` : t`Put ${one.name} among the favorites`
          return (
            <li key={one.id} className={css.saved}>
              <Link to="/reports/$reportId" params={{ reportId: one.report }} search={viewSearch(one)} className={css.report} data-stop>
                <b>{one.shared ? <IconUsers size={15} aria-label={t`shared`} role="img" /> : <IconBookmark size={15} aria-hidden />}{one.name}</b>
                <span>{one.own ? report : `${report} · ${one.owner}`}</span>
              </Link>
              <ActionIcon className={css.star} variant="subtle" color="gray" aria-label={label} aria-pressed={one.favorite} onClick={() => favor.mutate({ id: one.id, favorite: !one.favorite })}>
                {one.favorite ? <IconStarFilled size={16} /> : <IconStar size={16} />}
              </ActionIcon>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Bones() {
  return (
    <div className={css.content} role="status" aria-busy="true" aria-label={t`Loading the reports`}>
      <Skeleton height={36} width={320} />
      <div className={css.list}>{Array.from({ length: 12 }, (_, i) => <Skeleton key={i} height={72} radius={8} />)}</div>
    </div>
  )
}
