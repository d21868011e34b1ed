/** Somebody who was at a device at the moment of a row, as far as anybody said. */
export interface Person { id: number; name: string }

/** Who was at a device of ours during the call, in the order of the rows. */
export function peopleAt(story: Story, number: string, pbx: string | undefined): string {
  const named = [
    ...(story.talks ?? []).flatMap(row => [{ ...row, number: row.operator }, { pbx: row.pbx, number: row.with, person: row.with_person }]),
    ...(story.rings ?? []).map(row => ({ ...row, number: row.operator })),
    ...(story.legs ?? []),
  ]
  return [...new Set(named.flatMap(row => (row.number === number && row.pbx === pbx && row.person ? row.person.name : [])))].join(', ')
}

/** The call as `callweave replay` prints it and the server stores it. Times are RFC 3339, null where not (yet). */
export interface Story {
  id: string
  direction: string
  pbx: string[]
  caller: string
  dialled: string
  start: string
  answered?: string | null
  end?: string | null
  open?: boolean
  disposition?: string
  hangup_by?: string
  trunk?: string
  queues?: QueueVisit[] | null
  rings?: Ring[] | null
  talks?: Talk[] | null
  holds?: Hold[] | null
  transfers?: Transfer[] | null
  links?: Link[] | null
  candidates?: Candidate[] | null
  legs?: Leg[] | null
  ivr?: Step[] | null
  parkings?: Parking[] | null
}
export interface QueueVisit { pbx: string; queue: string; entered: string; left?: string | null; result?: string; operator?: string; estimated?: boolean }
export interface Ring { pbx: string; operator: string; queue?: string; person?: Person; at: string; end?: string | null; seconds?: number; result?: string; estimated?: boolean }
export interface Talk { pbx: string; operator: string; queue?: string; with: string; person?: Person; with_person?: Person; from: string; to?: string | null; estimated?: boolean; /** Between two of ours, while another party is on hold. */ consult?: boolean }
export interface Hold { pbx: string; by: string; from: string; to?: string | null; estimated?: boolean }
export interface Transfer { pbx?: string; kind: string; by: string; to: string; at: string; result?: string }
/** What joined two PBXs: from one leg that went out to one that came in. The evidence is the value both showed. */
/** A call at another PBX that may be the other half of this one. */
export interface Candidate { call: string; evidence: string; at: string; from: string; to: string; from_uniqueid: string; to_uniqueid: string }
export interface Link { kind: string; confidence: string; from: string; to: string; evidence?: string; at?: string; from_uniqueid?: string; to_uniqueid?: string }
/** A stay in a parking lot. */
export interface Parking { pbx: string; space?: string; by?: string; from: string; to?: string | null; result?: string; retriever?: string; estimated?: boolean }
export interface Leg {
  pbx: string
  kind: string
  number?: string
  person?: Person
  endpoint?: string
  uniqueid?: string
  start: string
  answered?: string | null
  end?: string | null
  cause?: number
  estimated?: boolean
  /** Channel variables and what else the PBX said of this leg, by name. */
  attributes?: Record<string, string>
}
export interface Step { pbx: string; application: string; data?: string; from: string; to?: string | null }
