import { MantineProvider } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { makeQueryClient, sessionQuery } from '../api/queries.ts'
import type { Language } from '../api/types.ts'
import { FormatsContext, useMakeFormats } from '../format/intl.ts'
import { LanguageContext } from '../i18n/LanguageContext.ts'
import { languages, speak } from '../i18n/language.ts'
import { Login } from '../login/Login.tsx'
import { ErrorState } from '../parts/States.tsx'
import { makeRouter } from './router.tsx'
import { schemeManager, styleNonce, theme, variables } from './theme.ts'

/** Everything that all pages stand on. The tree is drawn anew when the language changes: ttag is not reactive. */
export function App({ first }: { first: Language }) {
  const [client] = useState(makeQueryClient)
  const [language, set] = useState(first)
  const setLanguage = useCallback(async (next: Language) => {
    await speak(next)
    set(next)
  }, [])
  const speaking = useMemo(() => ({ language, setLanguage }), [language, setLanguage])
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} colorSchemeManager={schemeManager} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={client}>
        <LanguageContext value={speaking}>
          <DatesProvider settings={{ locale: language, firstDayOfWeek: 1, weekendDays: [], consistentWeeks: true }}>
            <Gate key={language} language={language} setLanguage={setLanguage} />
          </DatesProvider>
        </LanguageContext>
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** Shows the log-in page in place of every page while nobody is logged in, so that the address survives it. */
function Gate({ language, setLanguage }: { language: Language; setLanguage(language: Language): Promise<void> }) {
  const session = useQuery(sessionQuery)
  const [router] = useState(makeRouter)
  const formats = useMakeFormats(language, session.data?.tenant?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
  const wished = session.data?.user.language
  useEffect(() => {
    const known = languages.find(l => l.code === wished)?.code
    if (known && known !== language) void setLanguage(known)
  }, [wished, language, setLanguage])

  if (session.isPending) return <div aria-busy="true" />
  if (session.isError) return <ErrorState problem={session.error} retry={() => void session.refetch()} page />
  if (!session.data) return <Login />
  return (
    <FormatsContext value={formats}>
      <RouterProvider router={router} />
    </FormatsContext>
  )
}
