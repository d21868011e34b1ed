/** A calendar day as YYYY-MM-DD. Which instants it covers depends on the zone it is seen from. */
export type Day = string

const dayFormats = new Map<string, Intl.DateTimeFormat>()

function partsFormat(zone: string): Intl.DateTimeFormat {
  let format = dayFormats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    })
    dayFormats.set(zone, format)
  }
  return format
}

/** What clocks in the zone show at the instant, as if it were UTC. */
function wallClock(instant: number, zone: string): number {
  const part: Record<string, number> = {}
  for (const { type, value } of partsFormat(zone).formatToParts(instant)) part[type] = Number(value)
  return Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'], part['hour'], part['minute'], part['second'])
}

export function dayOf(instant: number | Date, zone: string): Day {
  return new Date(wallClock(Number(instant), zone)).toISOString().slice(0, 10)
}

export function addDays(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/**
 * The first instant of the day in the zone. Where clocks skip midnight, the first instant that exists. Two rounds are
 * enough: the second corrects for a change of the zone's offset between the guess and the answer.
 */
export function dayStart(day: Day, zone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`)
  let instant = wanted
  for (let round = 0; round < 2; round++) {
    const whole = Math.floor(instant / 1000) * 1000
    instant += wanted - wallClock(whole, zone)
  }
  return new Date(instant)
}

/** What clocks in the zone show at the instant, to the minute, as forms take it: YYYY-MM-DDThh:mm. */
export function wallOf(instant: number | string | Date, zone: string): string {
  return new Date(wallClock(new Date(instant).getTime(), zone)).toISOString().slice(0, 16)
}

/** The instant at which clocks in the zone show this, the second of two where they are set back; null where it is no time. */
export function instantOf(wall: string, zone: string): Date | null {
  const wanted = Date.parse(`${wall}Z`)
  if (Number.isNaN(wanted)) return null
  let instant = wanted
  for (let round = 0; round < 2; round++) instant += wanted - wallClock(instant, zone)
  return new Date(instant)
}

/** Whether the runtime knows the zone; a tenant's zone comes from a database that may be newer than the browser. */
export function knownZone(zone: string): boolean {
  try {
    partsFormat(zone)
    return true
  } catch {
    return false
  }
}
