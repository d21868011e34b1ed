import { addLocale, useLocale as switchLocale } from 'ttag'
import type { Language } from '../api/types.ts'

export const languages: { code: Language; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'ru', name: 'Русский' },
]
const stored = 'callweave-language'

/** What was chosen last on this device, else the browser's first language that the portal speaks. */
export function preferredLanguage(): Language {
  const wishes = [readStored(), ...navigator.languages].map(wish => wish?.slice(0, 2))
  return languages.find(({ code }) => code === wishes.find(wish => languages.some(l => l.code === wish)))?.code ?? 'en'
}

/** Loads the catalogue and makes it the one that ttag reads. Resolves when texts may be drawn again. */
export async function speak(language: Language): Promise<void> {
  if (language === 'ru') {
    const { default: catalogue } = await import('../../po/ru.po')
    addLocale('ru', catalogue)
    await import('dayjs/locale/ru')
  }
  switchLocale(language)
  document.documentElement.lang = language
  try {
    localStorage.setItem(stored, language)
  } catch {
    // Storage may be blocked; the session remembers the language too.
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(stored)
  } catch {
    return null
  }
}
