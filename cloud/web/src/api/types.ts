import type { components } from './schema.ts'

/* The API's own types under the names the portal uses for them; schema.ts is generated from cloud/api/openapi.json. */
type Schemas = components['schemas']

export type Session = Schemas['Session']
export type Role = Schemas['User']['role']
export type Language = Schemas['User']['language']
export type CallRow = Schemas['CallRow']
export type CallPage = Schemas['CallsOutputBody']
export type RawEvent = Schemas['RawEvent']
export type EventPage = Schemas['EventsOutputBody']
export type Directory = Schemas['Directory']
export type PBX = Schemas['PBX']
export type Agent = Schemas['Agent']
export type Finding = Schemas['Finding']
export type Severity = Finding['severity']
export type Gap = Schemas['Gap']
export type Enrolment = Schemas['TokenOutputBody']
export type ConsoleTenant = Schemas['ConsoleTenant']
export type ConsoleAgent = Schemas['ConsoleAgent']
