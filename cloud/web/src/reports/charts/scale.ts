import type { Unit, Value } from '../contract.ts'

/* Axes: pure. */

/** Where the lines of an axis from nothing to `most` are: at figures that people count in. */
export function ticks(most: number, unit: Unit, wanted = 4): number[] {
  if (!(most > 0)) return [0]
  const steps = unit === 'ms' ? [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400].map(s => s * 1000) : decimal(most / wanted)
  const step = steps.find(one => most / one <= wanted + 1) ?? most / wanted
  const all: number[] = []
  for (let i = 0; i * step <= most * 1.0001; i++) all.push(i * step)
  if ((all.at(-1) ?? 0) < most) all.push(all.length * step)
  return all
}

function decimal(rough: number): number[] {
  const power = 10 ** Math.floor(Math.log10(rough))
  return [1, 2, 2.5, 5, 10, 20].map(n => n * power)
}

export const most = (values: (Value | undefined)[]): number => values.reduce<number>((m, v) => Math.max(m, v ?? 0), 0)

/** Runs of points that have figures: between them is a gap, which is drawn as one. */
export function runs(points: { x: number; y: number | null }[]): { x: number; y: number }[][] {
  const found: { x: number; y: number }[][] = []
  let open = false
  for (const { x, y } of points) {
    if (y === null) { open = false; continue }
    if (!open) found.push([])
    open = true
    found.at(-1)?.push({ x, y })
  }
  return found
}
