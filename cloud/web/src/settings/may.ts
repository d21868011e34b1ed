import { useCan } from '../api/rights.ts'

/** Whether this person may change settings; hours and the service level are policies. */
export function useMay(_what: 'settings' | 'policies'): boolean {
  return useCan('settings.write')
}
