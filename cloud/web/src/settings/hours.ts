/* Working hours as people write them: 09:00-13:00 14:00-18:00. */

/** Minutes of the day. */
export type Span = [number, number]

const two = (n: number) => String(n).padStart(2, '0')
const clock = (minutes: number) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`

export const writeHours = (spans: readonly (readonly number[] | null)[] | null): string => (spans ?? []).map(span => span ?? []).map(([from = 0, to = 0]) => `${clock(from)}-${clock(to)}`).join(' ')

/** The spans a text says, null where it says something else. Nothing is: closed. */
export function readHours(text: string): Span[] | null {
  const spans: Span[] = []
  let end = 0
  for (const part of text.replaceAll(/\s*[-–—]\s*/g, '-').split(/[\s,;]+/).filter(Boolean)) {
    const [, h1 = '', m1 = '', h2 = '', m2 = ''] = /^(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)$/.exec(part) ?? []
    if (h1 === '' || Number(m1) > 59 || Number(m2) > 59) return null
    const span: Span = [Number(h1) * 60 + Number(m1), Number(h2) * 60 + Number(m2)]
    if (span[0] < end || span[1] <= span[0] || span[1] > 1440) return null
    end = span[1]
    spans.push(span)
  }
  return spans
}
