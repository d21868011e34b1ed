import { MultiSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { t } from 'ttag'
import { api } from '../api/client.ts'
import { callQuery, tagsQuery } from '../api/queries.ts'
import type { CallRow } from '../api/types.ts'
import { Refused } from '../parts/Refused.tsx'
import css from './Tags.module.css'

/** The tags of a call, to be put on and taken off. Nothing where nobody made any. */
export function Tags({ row }: { row: CallRow }) {
  const client = useQueryClient()
  const { data } = useQuery(tagsQuery)
  const key = callQuery(row.id).queryKey
  const save = useMutation({
    mutationFn: (tags: number[]) => api.tagCall(row.id, tags),
    // Shown at once; a refusal takes it back.
    onMutate: tags => client.setQueryData(key, old => old && { ...old, call: { ...old.call, tags } }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: key })
      await client.invalidateQueries({ queryKey: ['calls'] })
    },
  })
  const tags = data?.tags ?? []
  if (tags.length === 0) return null
  const choices = tags.filter(one => !one.retired || row.tags.includes(one.id)).map(one => ({ value: String(one.id), label: one.name }))
  return (
    <div className={css.tags}>
      <MultiSelect size="xs" aria-label={t`Tags of the call`} placeholder={row.tags.length === 0 ? t`Add a tag` : undefined} data={choices} value={row.tags.map(String)} onChange={chosen => save.mutate(chosen.map(Number))} searchable hidePickedOptions maxValues={20} nothingFoundMessage={t`Nothing found`} comboboxProps={{ shadow: 'md' }} />
      <Refused problem={save.error} />
    </div>
  )
}

/** The tags of a call in a list, as words. */
export function TagWords({ row, className }: { row: CallRow; className: string | undefined }) {
  const { data } = useQuery(tagsQuery)
  return <>{row.tags.map(id => <span key={id} className={className}>{data?.tags.find(one => one.id === id)?.name ?? `#${id}`}</span>)}</>
}
