/** What the compiled engine puts into the worker's global object: cloud/report/wasm says more. */
export interface Wasm {
  add(chunk: Uint8Array): string
  clear(): string
  setNames(json: string): string
  table(query: string): string
  drill(question: string): string
}

/** The server or the engine understood and refused. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}
