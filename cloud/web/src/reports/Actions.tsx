import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconBookmark, IconChartBar, IconDownload, IconLink, IconMail, IconPrinter } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { writeSearch } from '../app/search.ts'
import { Refused } from '../parts/Refused.tsx'
import css from './Actions.module.css'
import type { Definition } from './contract.ts'
import type { ReportSearch } from './search.ts'
import { useSet } from './ReportPage.tsx'
import type { Question } from './useReport.ts'

const SaveView = lazy(() => import('./SaveView.tsx').then(one => ({ default: one.SaveView })))
const ScheduleDialog = lazy(() => import('./ScheduleDialog.tsx').then(one => ({ default: one.ScheduleDialog })))

/** What can be done with a report: kept, handed on, taken along. */
export function Actions({ definition, search, question }: { definition: Definition; search: ReportSearch; question: Question }) {
  const set = useSet()
  const { period, from, to, queue } = useSearch({ from: '__root__' })
  const [dialog, setDialog] = useState<'view' | 'schedule' | null>(null)
  const [copied, setCopied] = useState(false)
  const { drill: _, ...kept } = search
  const state = writeSearch({ period, from, to, queue, ...kept }).replace(/^\?/, '')
  const file = useMutation({
    mutationFn: (format: 'csv' | 'xlsx' | 'parquet') => api.exportReport({ ...question.query, sort: search.sort ?? '' }, format, state),
    onSuccess: ({ file: blob, name }) => save(blob, name),
  })
  const copy = () => void navigator.clipboard.writeText(location.href).then(() => {
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  })
  const tool = { variant: 'subtle', color: 'gray', size: 30 } as const
  return (
    <div className={css.actions}>
      {search.draw === 'none' && <Tooltip label={t`Show the chart`} withArrow><ActionIcon {...tool} aria-label={t`Show the chart`} onClick={() => set({ draw: undefined })}><IconChartBar size={18} stroke={1.6} /></ActionIcon></Tooltip>}
      <Tooltip label={t`Save as a view`} withArrow><ActionIcon {...tool} aria-label={t`Save as a view`} onClick={() => setDialog('view')}><IconBookmark size={18} stroke={1.6} /></ActionIcon></Tooltip>
      <Tooltip label={copied ? t`Copied` : t`Copy the link`} withArrow><ActionIcon {...tool} aria-label={copied ? t`Copied` : t`Copy the link`} onClick={copy}><IconLink size={18} stroke={1.6} /></ActionIcon></Tooltip>
      <Menu position="bottom-end" shadow="md" withinPortal>
        <Menu.Target><ActionIcon {...tool} aria-label={t`Export`} title={t`Export`} loading={file.isPending}><IconDownload size={18} stroke={1.6} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => file.mutate('xlsx')}>{t`Excel (XLSX), with formulas and filters`}</Menu.Item>
          <Menu.Item onClick={() => file.mutate('csv')}>CSV</Menu.Item>
          <Menu.Item onClick={() => file.mutate('parquet')}>Parquet</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={t`Send by e-mail at set times`} withArrow><ActionIcon {...tool} aria-label={t`Send by e-mail at set times`} onClick={() => setDialog('schedule')}><IconMail size={18} stroke={1.6} /></ActionIcon></Tooltip>
      <Tooltip label={t`Print`} withArrow><ActionIcon {...tool} aria-label={t`Print`} onClick={() => print()}><IconPrinter size={18} stroke={1.6} /></ActionIcon></Tooltip>
      {file.isError && <Refused problem={file.error} />}
      <Suspense fallback={null}>
        {dialog === 'view' && <SaveView definition={definition} state={state} close={() => setDialog(null)} />}
        {dialog === 'schedule' && <ScheduleDialog definition={definition} query={question.query} search={writeSearch({ queue, ...kept }).replace(/^\?/, '')} close={() => setDialog(null)} />}
      </Suspense>
    </div>
  )
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
