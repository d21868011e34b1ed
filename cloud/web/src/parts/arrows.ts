import type { KeyboardEvent } from 'react'

/** In a list of links or buttons the arrows, Home and End move from one to the next. */
export function arrows(event: KeyboardEvent<HTMLElement>): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-stop]')]
  const at = stops.indexOf(document.activeElement as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key]
  if (to === undefined || at < 0) return
  stops[Math.min(Math.max(to, 0), stops.length - 1)]?.focus()
  event.preventDefault()
}
