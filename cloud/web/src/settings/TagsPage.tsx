import { Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { tagsQuery } from '../api/queries.ts'
import type { Tag } from '../api/types.ts'
import { FormDialog } from '../parts/FormDialog.tsx'
import { ErrorState } from '../parts/States.tsx'
import { Files } from './Files.tsx'
import { type Column, Listing, LoadingPart } from './Listing.tsx'
import { useMay } from './may.ts'
import { AddButton, type Open, Quiet, RemoveDialog, Section, SettingsPart, useChange } from './Section.tsx'

/** Words people put on calls. */
export function TagsPage() {
  const may = useMay('settings')
  const { data, isPending, isError, error, refetch } = useQuery(tagsQuery)
  const [open, setOpen] = useState<Open<Tag>>(null)
  if (isPending) return <LoadingPart label={t`Loading tags`} />
  if (isError && !data) return <ErrorState problem={error} retry={() => void refetch()} />
  const columns: Column<Tag>[] = [
    { head: t`Name`, cell: one => one.name },
    { head: t`Is`, cell: one => (one.retired ? t`retired: stays on calls, offered for no other` : t`offered for calls`), quiet: true },
    { head: t`Calls`, cell: one => <Link to="/calls" search={old => ({ ...old, tag: one.id })}>{t`Show`}</Link> },
  ]
  const tools = (
    <>
      {may && <AddButton onClick={() => setOpen({ kind: 'add' })}>{t`Add a tag`}</AddButton>}
      <Files lists={[{ list: 'tags', name: t`Tags` }]} write={may} />
    </>
  )
  return (
    <SettingsPart>
      <Section title={t`Tags`} text={t`Words that say what a call was about. Whoever works with calls puts them on; reports count by them.`} tools={tools}>
        {data.tags.length === 0 && <Quiet>{t`No tags yet. Add a few that your team will agree on: complaint, order, wrong number.`}</Quiet>}
        {data.tags.length > 0 && <Listing label={t`Tags`} rows={data.tags} keyOf={one => one.id} nameOf={one => one.name} columns={columns} change={may ? row => setOpen({ kind: 'change', row }) : undefined} remove={may ? row => setOpen({ kind: 'remove', row }) : undefined} />}
      </Section>
      {(open?.kind === 'add' || open?.kind === 'change') && <TagForm tag={open.kind === 'change' ? open.row : undefined} close={() => setOpen(null)} />}
      {open?.kind === 'remove' && <RemoveDialog name={open.row.name} text={t`Only a tag that no call has can be removed. Retire it otherwise.`} remove={() => api.removeTag(open.row.id)} close={() => setOpen(null)} />}
    </SettingsPart>
  )
}

function TagForm({ tag, close }: { tag: Tag | undefined; close(): void }) {
  const [name, setName] = useState(tag?.name ?? '')
  const [retired, setRetired] = useState(tag?.retired ?? false)
  const save = useChange(() => api.setTag({ id: tag?.id ?? 0, name: name.trim(), retired }), close)
  return (
    <FormDialog title={tag ? t`Change the tag` : t`Add a tag`} close={close} submit={() => save.mutate()} verb={t`Save`} pending={save.isPending} problem={save.error} ready={name.trim() !== ''}>
      <TextInput data-autofocus label={t`Name`} description={tag && t`Calls that have it show the new name.`} value={name} onChange={event => setName(event.currentTarget.value)} maxLength={60} required withAsterisk={false} />
      {tag && <Switch checked={retired} onChange={event => setRetired(event.currentTarget.checked)} label={t`Retired`} description={t`It stays on calls that have it and is offered for no other.`} />}
    </FormDialog>
  )
}
