import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { type ColumnDef, createSortedRowModel, type RowData, rowSortingFeature, sortFn_alphanumeric, sortFn_basic, tableFeatures, useTable } from '@tanstack/react-table'
import css from './DataTable.module.css'

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic } })

export type Columns<T extends RowData> = ColumnDef<typeof features, T>[]

/** A table of some hundred rows that sorts by its headers. Columns named in `right` hold figures. */
export function DataTable<T extends RowData & { id: string }>({ rows, columns, label, right }: { rows: T[]; columns: Columns<T>; label: string; right?: string[] }) {
  const table = useTable({ features, columns, data: rows, getRowId: row => row.id })
  const side = (id: string) => (right?.includes(id) ? css.right : undefined)
  return (
    <div className={css.frame} tabIndex={0} role="region" aria-label={label}>
      <table className={css.table}>
        <thead>
          {table.getHeaderGroups().map(group => (
            <tr key={group.id}>
              {group.headers.map(header => {
                const sorted = header.column.getIsSorted()
                return (
                  <th key={header.id} scope="col" className={side(header.column.id)} aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}>
                    <button type="button" onClick={header.column.getToggleSortingHandler()}>
                      <table.FlexRender header={header} />
                      {sorted === 'asc' && <IconArrowUp size={13} aria-hidden />}
                      {sorted === 'desc' && <IconArrowDown size={13} aria-hidden />}
                    </button>
                  </th>
                )
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map(row => (
            <tr key={row.id}>
              {row.getAllCells().map(cell => (
                <td key={cell.id} className={side(cell.column.id)}><table.FlexRender cell={cell} /></td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
