import { Button, Popover } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { IconCalendar, IconCheck, IconChevronDown } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from 'ttag'
import { useFormats } from '../format/intl.ts'
import css from './PeriodPicker.module.css'
import { type Period, presets, spanOf, todayIn } from './search.ts'
import { useToday } from './useToday.ts'

export function periodWord(period: Period): string {
  switch (period) {
    case 'today': return t`Today`
    case 'yesterday': return t`Yesterday`
    case '7d': return t`7 days`
    case '30d': return t`30 days`
    case 'custom': return t`Dates`
  }
}

export function PeriodPicker() {
  const scope = useSearch({ from: '__root__' })
  const navigate = useNavigate()
  const formats = useFormats()
  const today = useToday(formats.zone)
  const [opened, setOpened] = useState(false)
  const [range, setRange] = useState<[string | null, string | null]>([null, null])
  const period = scope.period ?? 'today'
  const span = spanOf(scope, today, formats.zone)
  const dates = datesText(span.first, span.last, formats.language)
  const choose = (next: { period?: Period; from?: string; to?: string }) => {
    setOpened(false)
    void navigate({ to: '.', search: old => ({ ...old, period: next.period, from: next.from, to: next.to }) })
  }
  const pick = (next: [string | null, string | null]) => {
    setRange(next)
    const [from, to] = next
    if (from && to) choose({ period: 'custom', from, to })
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          className={css.button}
          leftSection={<IconCalendar size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => {
            setRange(period === 'custom' ? [span.first, span.last] : [null, null])
            setOpened(o => !o)
          }}
          aria-haspopup="dialog"
          aria-expanded={opened}
        >
          {period === 'custom' ? dates : <>{periodWord(period)} <span className={css.dates}>{dates}</span></>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={css.dropdown} aria-label={t`Period`}>
        <div className={css.presets}>
          {presets.map(preset => (
            <button key={preset} type="button" aria-pressed={preset === period} onClick={() => choose({ period: preset === 'today' ? undefined : preset })}>
              {periodWord(preset)}
              {preset === period && <IconCheck size={15} aria-hidden />}
            </button>
          ))}
        </div>
        <DatePicker type="range" allowSingleDateInRange value={range} onChange={pick} maxDate={todayIn(formats.zone)} defaultDate={span.last} ariaLabels={{ previousMonth: t`Previous month`, nextMonth: t`Next month`, monthLevelControl: t`Choose a month` }} size="sm" />
      </Popover.Dropdown>
    </Popover>
  )
}

/** "23 Nov", "17–23 Nov": days have no zone, so they are formatted as the UTC days they are written as. */
function datesText(first: string, last: string, language: string): string {
  const thisYear = new Date().getUTCFullYear()
  const year = [first, last].every(d => d.startsWith(String(thisYear))) ? undefined : 'numeric'
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { day: 'numeric', month: 'short', year, timeZone: 'UTC' })
  const [a, b] = [Date.parse(first), Date.parse(last)]
  return first === last ? format.format(a) : format.formatRange(a, b)
}
