import { CloseButton, TextInput } from '@mantine/core'
import { IconTag } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { t } from 'ttag'
import { attributeOf, attributeText } from './attribute.ts'
import css from './Filters.module.css'

/** A variable or field of a leg, alone or with its value. Names are compared as they are, so it is asked for when somebody is done typing. */
export function AttributeFilter({ value, set }: { value: string | undefined; set(value: string | undefined): void }) {
  const [typed, setTyped] = useState(value ? attributeText(value) : '')
  useEffect(() => setTyped(value ? attributeText(value) : ''), [value])
  const done = () => {
    if (attributeOf(typed) !== value) set(attributeOf(typed))
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter') done()
  }
  return (
    <TextInput
      className={css.choice}
      size="xs"
      value={typed}
      placeholder={t`Variable`}
      aria-label={t`Variable or field, or Name: value`}
      maxLength={1300}
      data-chosen={value !== undefined || undefined}
      leftSection={<IconTag size={15} aria-hidden />}
      rightSection={typed && <CloseButton size="xs" aria-label={t`Clear the variable`} onClick={() => { setTyped(''); set(undefined) }} />}
      onChange={event => setTyped(event.currentTarget.value)}
      onKeyDown={key}
      onBlur={done}
    />
  )
}
