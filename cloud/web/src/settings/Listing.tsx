import { ActionIcon, Skeleton, VisuallyHidden } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { t } from 'ttag'
import css from './Listing.module.css'

export interface Column<T> { head: string; cell(row: T): ReactNode; figure?: boolean; quiet?: boolean }

interface Props<T> {
  label: string
  rows: T[]
  keyOf(row: T): string | number
  /** What a row is called, for who hears it and does not see it. */
  nameOf(row: T): string
  columns: Column<T>[]
  change?: ((row: T) => void) | undefined
  remove?: ((row: T) => void) | undefined
}

/** A list of settings as a table; on a phone each row stands by itself. The first column names the row. */
export function Listing<T>({ label, rows, keyOf, nameOf, columns, change, remove }: Props<T>) {
  const acts = Boolean(change ?? remove)
  const look = (column: Column<T>) => [column.figure && `num ${css.figure}`, column.quiet && css.quiet].filter(Boolean).join(' ') || undefined
  return (
    <table className={css.table} aria-label={label}>
      <thead>
        <tr>
          {columns.map(column => <th key={column.head} scope="col" className={column.figure ? css.figure : undefined}>{column.head}</th>)}
          {acts && <th className={css.acts}><VisuallyHidden>{t`Actions`}</VisuallyHidden></th>}
        </tr>
      </thead>
      <tbody>
        {rows.map(row => {
          const name = nameOf(row)
          return (
            <tr key={keyOf(row)}>
              {columns.map((column, i) => (i === 0 ? <th key={column.head} scope="row">{column.cell(row)}</th> : <td key={column.head} data-head={column.head} className={look(column)}>{column.cell(row)}</td>))}
              {acts && (
                <td className={css.acts}>
                  {change && <ActionIcon variant="subtle" color="gray" aria-label={t`Change ${name}`} onClick={() => change(row)}><IconPencil size={17} stroke={1.6} /></ActionIcon>}
                  {remove && <ActionIcon variant="subtle" color="gray" aria-label={t`Remove ${name}`} onClick={() => remove(row)}><IconTrash size={17} stroke={1.6} /></ActionIcon>}
                </td>
              )}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

export function LoadingPart({ label }: { label: string }) {
  return <div role="status" aria-busy="true" aria-label={label} className={css.loading}><Skeleton height={22} width="40%" /><Skeleton height={150} /></div>
}
