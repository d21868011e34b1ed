/** A telephone number as people write it. Only the form that is unmistakable is grouped; all others stay as they came. */
export function phone(number: string): string {
  const m = /^\+?7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(number)
  return m ? `+7 ${m[1]} ${m[2]}-${m[3]}-${m[4]}` : number
}

/** What somebody typed or pasted as a number, as the journal is searched for it. */
export function bareNumber(typed: string): string {
  return typed.replace(/[\s()\-–.]/g, '').replace(/^\+/, '')
}
