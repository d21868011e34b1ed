/** The days of a week, Monday first. */
export function weekdayNames(language: string, width: 'short' | 'long'): string[] {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { weekday: width, timeZone: 'UTC' })
  const upper = (word: string) => (width === 'long' ? word.charAt(0).toLocaleUpperCase(language) + word.slice(1) : word)
  return Array.from({ length: 7 }, (_, i) => upper(format.format(Date.UTC(2024, 0, 1 + i))))
}
