import { Checkbox, FileInput, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { importsQuery, useNames, useSession } from '../api/queries.ts'
import { dayStart } from '../format/zone.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import css from './ImportPage.module.css'

/** Asks for the files, and for what they do not say themselves. */
export function ImportForm({ close }: { close(): void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const names = useNames()
  const session = useSession()
  const pbxs = names.directory.pbxs.map(one => ({ value: String(one.id), label: one.name }))
  const [files, setFiles] = useState<File[]>([])
  const [chosen, setPBX] = useState<string | null>(null)
  const pbx = chosen ?? pbxs[0]?.value ?? null
  const [zone, setZone] = useState<string | null>(session.tenant?.zone ?? 'UTC')
  const [encoding, setEncoding] = useState<string | null>('utf-8')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [members, setMembers] = useState('')
  const [look, setLook] = useState(true)
  const send = useMutation({
    mutationFn: () => {
      const form = new FormData()
      for (const file of files) form.append('file', file)
      form.append('pbx', pbx ?? '')
      form.append('zone', zone ?? 'UTC')
      form.append('encoding', encoding ?? 'utf-8')
      form.append('dry_run', String(look))
      if (from) form.append('from', new Date(dayStart(from, zone ?? 'UTC')).toISOString())
      if (to) form.append('to', new Date(dayStart(to, zone ?? 'UTC')).toISOString())
      for (const line of members.split('\n').map(text => text.trim()).filter(Boolean)) form.append('member', line)
      return api.importLogs(form)
    },
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: importsQuery.queryKey })
      close()
      await navigate({ to: '/settings/import', search: old => ({ ...old, run: id }) })
    },
  })
  return (
    <FormDialog title={t`Import logs`} close={close} submit={() => send.mutate()} verb={look ? t`Look` : t`Import`} pending={send.isPending} problem={send.error} ready={files.length > 0 && pbx !== null} size={600}>
      <FileInput data-autofocus label={t`Files`} placeholder={t`Choose queue_log, CEL and CDR files`} description={t`As Asterisk writes them, or tables exported to CSV; gzip and bzip2 may stay. Which is which shows. The more of the three, the better the calls.`} multiple clearable clearButtonProps={{ 'aria-label': t`Choose other files` }} value={files} onChange={setFiles} />
      <div className={css.pair}>
        <Select label={t`PBX that wrote them`} data={pbxs} value={pbx} onChange={setPBX} allowDeselect={false} />
        <Select label={t`Time zone of local times`} data={zones(zone)} value={zone} onChange={setZone} searchable allowDeselect={false} />
        <TextInput type="date" label={t`From`} description={t`Empty: from the beginning`} value={from} onChange={event => setFrom(event.currentTarget.value)} />
        <TextInput type="date" label={t`To, without this day`} description={t`Empty: to the end`} value={to} onChange={event => setTo(event.currentTarget.value)} />
        <Select label={t`Encoding of names`} data={['utf-8', 'windows-1251', 'koi8-r', 'iso-8859-1']} value={encoding} onChange={setEncoding} allowDeselect={false} />
      </div>
      <Textarea label={t`Members of queues and their devices`} description={t`A line each: Anna Alpha=PJSIP/101. Only for names in queue_log that agents have not heard and CEL does not show.`} autosize minRows={2} maxRows={6} value={members} onChange={event => setMembers(event.currentTarget.value)} />
      <Checkbox label={t`Only look, write no call`} description={t`Shows how many calls there are, and where the logs differ from what was heard.`} checked={look} onChange={event => setLook(event.currentTarget.checked)} />
    </FormDialog>
  )
}

function zones(own: string | null): string[] {
  const all = Intl.supportedValuesOf('timeZone')
  return [...new Set(['UTC', ...(own ? [own] : []), ...all])]
}
