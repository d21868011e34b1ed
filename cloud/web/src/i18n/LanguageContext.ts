import { createContext, useContext } from 'react'
import type { Language } from '../api/types.ts'

export interface Speaking {
  language: Language
  setLanguage(language: Language): Promise<void>
}
export const LanguageContext = createContext<Speaking>({ language: 'en', setLanguage: async () => {} })
export const useLanguage = () => useContext(LanguageContext)
