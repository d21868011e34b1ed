import { IconWorld } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { t } from 'ttag'
import { useFormats } from '../format/intl.ts'
import css from './Header.module.css'

/** The one header of every page: what is looked at, for when, and in which zone the hours are. On a phone it makes way for what is opened in front of it. */
export function Header({ title, children, aside, behind, zone: given }: { title: string; children?: ReactNode; aside?: ReactNode; behind?: boolean; zone?: string }) {
  const { zone: own } = useFormats()
  const zone = given ?? own
  const cut = zone.lastIndexOf('/') + 1
  const [region, city] = [zone.slice(0, cut), zone.slice(cut)]
  return (
    <header className={css.header} data-behind={behind || undefined}>
      <h1>{title}</h1>
      <div className={css.controls}>{children}</div>
      <div className={css.aside}>
        {aside}
        <span className={css.zone} title={t`All times are in this zone`}>
          <IconWorld size={15} stroke={1.6} aria-hidden />
          <span className={css.region}>{region}</span>
          <span>{city.replaceAll('_', ' ')}</span>
        </span>
      </div>
    </header>
  )
}
