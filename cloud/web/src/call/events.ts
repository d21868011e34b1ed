import type { RawEvent } from '../api/types.ts'

/* Raw events as a person looks through them: pure. */

export interface EventFilter { name: string | undefined; text: string }

export function pairs(event: RawEvent): [string, string][] {
  return event.fields.flatMap(field => (field ? [[field[0] ?? '', field[1] ?? ''] as [string, string]] : []))
}

/** Every word must occur in the name, a key or a value. "Key: value" finds just that field. */
export function filterEvents(events: RawEvent[], filter: EventFilter): RawEvent[] {
  const typed = filter.text.trim().toLocaleLowerCase()
  const exact = /^(\w+): ?(.+)$/.exec(typed)
  const words = typed.split(/\s+/).filter(Boolean)
  return events.filter(event => {
    if (filter.name && event.name !== filter.name) return false
    if (typed === '') return true
    if (exact) return pairs(event).some(([key, value]) => key.toLocaleLowerCase() === exact[1] && value.toLocaleLowerCase().includes(exact[2] ?? ''))
    const text = `${event.name} ${pairs(event).flat().join(' ')}`.toLocaleLowerCase()
    return words.every(word => text.includes(word))
  })
}

/** Names of events and how many there are of each, most first. */
export function countNames(events: RawEvent[]): { name: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { name } of events) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
}

/** Fields that say most, in the order in which they are shown on the event's own line. */
const telling = ['Variable', 'Value', 'Channel', 'DestChannel', 'Queue', 'MemberName', 'Application', 'AppData', 'DialStatus', 'BridgeUniqueid', 'BridgeNumChannels', 'Exten', 'ChannelStateDesc', 'Cause-txt', 'TransfereeChannel', 'Reason']
const most = 4

export function summary(event: RawEvent): string {
  const fields = new Map(pairs(event))
  const found = telling.flatMap(key => {
    const value = fields.get(key)
    return value && value !== '<unknown>' ? [`${key}: ${value}`] : []
  })
  return found.slice(0, most).join('  ')
}

/** Index of the event nearest to the instant; -1 where there is none. */
export function nearest(events: RawEvent[], instant: number): number {
  let best = -1
  let distance = Number.POSITIVE_INFINITY
  events.forEach((event, i) => {
    const far = Math.abs(Date.parse(event.at) - instant)
    if (far < distance) {
      best = i
      distance = far
    }
  })
  return best
}
