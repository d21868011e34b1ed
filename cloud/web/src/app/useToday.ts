import { useEffect, useState } from 'react'
import { todayIn } from './search.ts'

/** The calendar day in the zone, followed past midnight. */
export function useToday(zone: string): string {
  const [today, setToday] = useState(() => todayIn(zone))
  useEffect(() => {
    setToday(todayIn(zone))
    const timer = setInterval(() => setToday(todayIn(zone)), 20_000)
    return () => clearInterval(timer)
  }, [zone])
  return today
}

/** The time in ms, drawn anew every `every` ms while the page is seen. */
export function useNow(every: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now())
    }, every)
    return () => clearInterval(timer)
  }, [every])
  return now
}
