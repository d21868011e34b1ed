/** Milliseconds as m:ss, from an hour on as h:mm:ss. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const s = String(seconds % 60).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${s}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${s}`
}

/** Milliseconds from the start of a call, to the tenth: what the timeline reads out. */
export function offset(ms: number, decimal = '.'): string {
  const tenths = Math.max(0, Math.round(ms / 100))
  const whole = Math.floor(tenths / 10)
  const minutes = Math.floor(whole / 60)
  const s = String(whole % 60).padStart(2, '0')
  const head = minutes < 60 ? `${minutes}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
  return `${head}:${s}${decimal}${tenths % 10}`
}
