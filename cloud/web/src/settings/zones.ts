/** The zones the browser knows, for choosing; the one that is set is among them whatever the browser knows. */
export function zoneChoices(set: string): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return [...new Set([...(set ? [set] : []), 'UTC', ...known])].sort((a, b) => a.localeCompare(b))
}

/** How a zone stands to UTC now: UTC+10. */
export function zoneOffset(zone: string, now: number): string {
  const part = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(now).find(one => one.type === 'timeZoneName')?.value ?? ''
  return part.replace('GMT', 'UTC')
}
