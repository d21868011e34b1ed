/** What somebody typed as "Name" or "Name: value", as the API takes it; undefined where there is no name. */
export function attributeOf(typed: string): string | undefined {
  const cut = typed.indexOf(':')
  const name = (cut < 0 ? typed : typed.slice(0, cut)).trim()
  const value = cut < 0 ? '' : typed.slice(cut + 1).trim()
  if (name === '') return undefined
  return value === '' ? name : `${name}:${value}`
}

/** The same as people read it. */
export function attributeText(attribute: string): string {
  return attribute.replace(':', ': ')
}
