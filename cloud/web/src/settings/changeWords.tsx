import { useQuery } from '@tanstack/react-query'
import { Fragment } from 'react'
import { c, t } from 'ttag'
import { peopleQuery } from '../api/queries.ts'
import { useFormats } from '../format/intl.ts'
import { endpointWord, numberWord, pairWord } from '../parts/words.ts'
import { type Difference, differences, itemText } from './changes.ts'
import css from './ChangesPage.module.css'
import { useDevices } from './useDevices.ts'

/* Changes in words: what was done, and which of the values differ. */

export function actionWord(action: string): string {
  switch (action) {
    case 'person.add': return c('change').t`Person added`
    case 'person.change': return c('change').t`Person changed`
    case 'person.remove': return c('change').t`Person removed`
    case 'binding.add': return c('change').t`Device given`
    case 'binding.change': return c('change').t`Device and person corrected`
    case 'binding.remove': return c('change').t`Device taken away, as if never given`
    case 'correction.set': return c('change').t`Corrected`
    case 'correction.remove': return c('change').t`Correction taken back`
    case 'exten-rules.set': return c('change').t`Rules changed`
    case 'trunk-pair.set': return c('change').t`Trunk between PBXs decided`
    case 'trunk-pair.remove': return c('change').t`Decision about a trunk taken back`
    case 'references.set': return c('change').t`References changed`
    default: return settingWord(action)
  }
}

function settingWord(action: string): string {
  switch (action) {
    case 'tenant.zone': return c('change').t`Time zone changed`
    case 'queue.change': return c('change').t`Queue changed`
    case 'group.add': return c('change').t`Group added`
    case 'group.change': return c('change').t`Group changed`
    case 'group.remove': return c('change').t`Group removed`
    case 'calendar.add': return c('change').t`Hours added`
    case 'calendar.change': return c('change').t`Hours changed`
    case 'calendar.remove': return c('change').t`Hours removed`
    case 'policy.add': return c('change').t`Service level policy added`
    case 'policy.change': return c('change').t`Service level policy changed`
    case 'policy.remove': return c('change').t`Service level policy removed`
    case 'reason.set': return c('change').t`Reason of pauses decided`
    case 'reason.remove': return c('change').t`Decision about a reason of pauses taken back`
    case 'tag.add': return c('change').t`Tag added`
    case 'tag.change': return c('change').t`Tag changed`
    case 'tag.remove': return c('change').t`Tag removed`
    case 'call.tags': return c('change').t`Call tagged`
    case 'trunk.change': return c('change').t`Trunk changed`
    case 'did.change': return c('change').t`Number changed`
    case 'prefix.set': return c('change').t`Area named`
    case 'prefix.remove': return c('change').t`Area removed`
    case 'roster.set': return c('change').t`Roster changed`
    default: return action
  }
}

function fieldWord(field: string, action: string): string {
  switch (field) {
    case 'name': return action.startsWith('person.') ? c('field').t`Name` : c('field of a thing').t`Name`
    case 'note': return c('field').t`Note`
    case 'person': return c('field').t`Person`
    case 'operator': return c('field').t`Device`
    case 'from': return c('field').t`From`
    case 'to': return c('field').t`To`
    case 'decided': return c('field').t`Is`
    case 'number': return c('field').t`Number`
    case 'state': return c('field').t`Is`
    case 'order': return c('field').t`Order`
    default: return settingField(field)
  }
}

function settingField(field: string): string {
  switch (field) {
    case 'zone': return c('field').t`Time zone`
    case 'calendar': return c('field').t`Hours`
    case 'mon': return c('field').t`Monday`
    case 'tue': return c('field').t`Tuesday`
    case 'wed': return c('field').t`Wednesday`
    case 'thu': return c('field').t`Thursday`
    case 'fri': return c('field').t`Friday`
    case 'sat': return c('field').t`Saturday`
    case 'sun': return c('field').t`Sunday`
    case 'variant': return c('field').t`Variant`
    case 'threshold': return c('field').t`Threshold, s`
    case 'short': return c('field').t`Short abandon, s`
    case 'shorts': return c('field').t`Short abandons`
    case 'target': return c('field').t`Target`
    case 'call_back': return c('field').t`Call back within, s`
    case 'reason': return c('field').t`Reason`
    case 'paid': return c('field').t`Paid`
    case 'work': return c('field').t`Work`
    case 'limit': return c('field').t`Limit, s`
    case 'lines': return c('field').t`Lines`
    case 'retired': return c('field').t`Retired`
    case 'prefix': return c('field').t`Begins with`
    default: return field
  }
}

/** Which values differ, old and new. */
export function Differences({ action, before, after, subject }: { action: string; before: unknown; after: unknown; subject: string }) {
  const value = useValue(action)
  const found = differences(before, after, subject)
  if (found.length === 0) return null
  return (
    <dl className={css.differences}>
      {found.map((one, i) => (
        <Fragment key={i}>
          <dt>{one.field === 'item' ? (one.is === undefined ? c('change').t`Removed` : c('change').t`Added`) : fieldWord(one.field, action)}</dt>
          <dd>
            {one.was !== undefined && <del>{value(one, one.was)}</del>}
            {one.was !== undefined && one.is !== undefined && <span className={css.arrow} aria-hidden>→</span>}
            {one.is !== undefined && <ins>{value(one, one.is)}</ins>}
            {one.was !== undefined && one.is === undefined && one.field !== 'item' && <Ended field={one.field} action={action} />}
          </dd>
        </Fragment>
      ))}
    </dl>
  )
}

/** What stands in the place of a value that is no more. */
function Ended({ field, action }: { field: string; action: string }) {
  const word = field === 'to' && action === 'binding.change' ? t`until further notice` : field === 'from' && action === 'policy.change' ? t`since ever` : ''
  return word && <ins><span className={css.arrow} aria-hidden>→</span>{word}</ins>
}

/** Values in words: people and devices by name, moments in the tenant's zone. */
function useValue(action: string): (of: Difference, value: unknown) => string {
  const formats = useFormats()
  const devices = useDevices()
  const { data } = useQuery(peopleQuery)
  return (of, value) => {
    if (of.field === 'person' && typeof value === 'number') return data?.people.find(one => one.id === value)?.name ?? `#${value}`
    if (of.field === 'operator' && typeof value === 'number') return devices.label(value)
    if ((of.field === 'from' || of.field === 'to') && typeof value === 'string' && !Number.isNaN(Date.parse(value))) return formats.moment(value)
    if (of.field === 'decided' && typeof value === 'string') return value === 'device' || value === 'trunk' ? endpointWord(value) : numberWord(value)
    if (of.field === 'state' && typeof value === 'string') return pairWord(value)
    if (of.field === 'target' && typeof value === 'number') return `${formats.number(value * 100)} %`
    if (of.field === 'shorts') return value === 'ignore' ? c('short abandons').t`left out` : c('short abandons').t`count as every abandon`
    if (typeof value === 'boolean') return value ? c('flag').t`yes` : c('flag').t`no`
    if (action === 'roster.set' && typeof value === 'string') return shiftText(value)
    if (of.field === 'item' && typeof value === 'object' && value !== null) {
      const { kind, note } = value as { kind?: string; note?: string }
      return [itemText(value), kind && numberWord(kind), note].filter(Boolean).join(', ')
    }
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}

/** A scheduled time, which the audit keeps as "work 2026-11-25 09:00 – 2026-11-25 18:00". */
function shiftText(value: string): string {
  if (value.startsWith('work ')) return c('shift').t`work` + value.slice(4)
  if (value.startsWith('break ')) return c('shift').t`break` + value.slice(5)
  return value
}
