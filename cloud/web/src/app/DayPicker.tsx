import { ActionIcon, Button, Popover } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { IconCalendar, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from 'ttag'
import { useFormats } from '../format/intl.ts'
import { addDays, type Day } from '../format/zone.ts'
import css from './DayPicker.module.css'
import { scopeOfDay, spanOf } from './search.ts'
import { useToday } from './useToday.ts'

/** The day a page is about: the last one of the period, which all pages share. */
export function useDay(): { day: Day; today: Day; from: string; to: string } {
  const scope = useSearch({ from: '__root__' })
  const { zone } = useFormats()
  const today = useToday(zone)
  const { last } = spanOf(scope, today, zone)
  const { from, to } = spanOf({ period: 'custom', from: last, to: last }, today, zone)
  return { day: last, today, from, to }
}

export function DayPicker() {
  const navigate = useNavigate()
  const { language } = useFormats()
  const { day, today } = useDay()
  const [opened, setOpened] = useState(false)
  const choose = (next: Day) => {
    setOpened(false)
    void navigate({ to: '.', search: old => ({ ...old, ...scopeOfDay(next, today) }) })
  }
  // A day has no zone: it is formatted as the UTC day it is written as.
  const date = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(Date.parse(day))
  return (
    <div className={css.picker}>
      <ActionIcon variant="default" size={30} aria-label={t`The day before`} onClick={() => choose(addDays(day, -1))}><IconChevronLeft size={16} /></ActionIcon>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <Button variant="default" size="xs" className={css.button} leftSection={<IconCalendar size={16} aria-hidden />} onClick={() => setOpened(o => !o)} aria-haspopup="dialog" aria-expanded={opened}>
            {day === today ? t`Today` : date}
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t`Day`}>
          <DatePicker value={day} onChange={next => next && choose(next)} maxDate={today} defaultDate={day} ariaLabels={{ previousMonth: t`Previous month`, nextMonth: t`Next month`, monthLevelControl: t`Choose a month` }} size="sm" />
        </Popover.Dropdown>
      </Popover>
      <ActionIcon variant="default" size={30} aria-label={t`The next day`} disabled={day >= today} onClick={() => choose(addDays(day, 1))}><IconChevronRight size={16} /></ActionIcon>
    </div>
  )
}
