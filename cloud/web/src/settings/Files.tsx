import { Button, Menu, Modal } from '@mantine/core'
import { IconChevronDown, IconDownload, IconTable, IconUpload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { msgid, ngettext, t } from 'ttag'
import { api, listURL, Problem } from '../api/client.ts'
import type { Imported } from '../api/types.ts'
import { Refused } from '../parts/Refused.tsx'
import { actionWord, Differences } from './changeWords.tsx'
import css from './Files.module.css'

export interface FileOf { list: string; name: string }

interface Chosen { of: FileOf; name: string; text: string }

/** A list as a CSV file: to be downloaded and, by who may, to be uploaded after a look at what would change. */
export function Files({ lists, write }: { lists: FileOf[]; write: boolean }) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const wanted = useRef<FileOf | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const ask = (of: FileOf) => {
    wanted.current = of
    input.current?.click()
  }
  const choose = async (file: File | undefined) => {
    if (input.current) input.current.value = '' // the same file may be chosen again once it is corrected
    if (file && wanted.current) setChosen({ of: wanted.current, name: file.name, text: await readText(file) })
  }
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconTable size={15} aria-hidden />} rightSection={<IconChevronDown size={14} aria-hidden />}>{t`CSV`}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {lists.map(of => {
            const { name } = of
            return (
              <div key={of.list}>
                <Menu.Item component="a" href={listURL(of.list)} download={`${of.list}.csv`} leftSection={<IconDownload size={16} aria-hidden />}>{lists.length > 1 ? t`Download: ${name}` : t`Download`}</Menu.Item>
                {write && <Menu.Item onClick={() => ask(of)} leftSection={<IconUpload size={16} aria-hidden />}>{lists.length > 1 ? t`Upload: ${name}` : t`Upload`}</Menu.Item>}
              </div>
            )
          })}
        </Menu.Dropdown>
      </Menu>
      <input ref={input} type="file" hidden accept=".csv,text/csv,text/plain" onChange={event => void choose(event.currentTarget.files?.[0])} />
      {chosen && <Upload chosen={chosen} close={() => setChosen(null)} />}
    </>
  )
}

/** The bytes as UTF-8 text. What is none is sent so that the server says what to do about it. */
async function readText(file: File): Promise<string> {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.arrayBuffer())
}

/** What a file would change, and the button that changes it. */
function Upload({ chosen, close }: { chosen: Chosen; close(): void }) {
  const client = useQueryClient()
  const { of, name, text } = chosen
  const tried = useTried(of.list, text)
  const take = useMutation({
    mutationFn: () => api.importList(of.list, text, false),
    onSuccess: async () => {
      await client.invalidateQueries()
      close()
    },
  })
  const changes = tried.data?.changes.length ?? 0
  const problem = take.error ?? tried.error
  const wrong = problem instanceof Problem ? problem.fields : []
  const list = of.name
  return (
    <Modal opened onClose={close} title={t`${name} into ${list}`} size={720} radius={10} closeButtonProps={{ 'aria-label': t`Close` }}>
      <div className={css.dialog}>
        {tried.isPending && <p role="status">{t`Looking what would change…`}</p>}
        {problem && <Refused problem={problem} />}
        {wrong.length > 0 && <ul className={css.wrong} aria-label={t`What is wrong`}>{wrong.map((one, i) => <li key={i}><b>{lineWord(one.location)}</b> {one.message}</li>)}</ul>}
        {tried.data && !problem && <Told told={tried.data} />}
        <div className={css.buttons}>
          <Button variant="default" onClick={close}>{t`Cancel`}</Button>
          {changes > 0 && !problem && <Button loading={take.isPending} onClick={() => take.mutate()}>{ngettext(msgid`Make ${changes} change`, `Make ${changes} changes`, changes)}</Button>}
        </div>
      </div>
    </Modal>
  )
}

function useTried(list: string, text: string) {
  const tried = useMutation({ mutationFn: () => api.importList(list, text, true) })
  const [begun, setBegun] = useState(false)
  if (!begun) {
    setBegun(true)
    queueMicrotask(() => tried.mutate())
  }
  return tried
}

/** "line 3" of the answer in the viewer's words. */
function lineWord(location: string): string {
  const line = Number(location.replace('line ', ''))
  return line > 0 ? t`Line ${line}:` : ''
}

const shown = 100

function Told({ told }: { told: Imported }) {
  const { rows } = told
  const rest = told.changes.length - shown
  if (told.changes.length === 0) return <p>{ngettext(msgid`The file has ${rows} line and says nothing new. Nothing would change.`, `The file has ${rows} lines and says nothing new. Nothing would change.`, rows)}</p>
  return (
    <>
      <p>{t`This would change. Nothing has been changed yet.`}</p>
      <ul className={css.changes} aria-label={t`What would change`}>
        {told.changes.slice(0, shown).map((one, i) => (
          <li key={i}>
            <p><b>{actionWord(one.action)}</b>{one.subject && <>: {one.subject}</>}</p>
            <Differences action={one.action} before={one.before} after={one.after} subject={one.subject} />
          </li>
        ))}
      </ul>
      {rest > 0 && <p>{ngettext(msgid`And ${rest} more.`, `And ${rest} more.`, rest)}</p>}
    </>
  )
}
