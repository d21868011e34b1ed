import '@fontsource-variable/inter/wght.css'
import './app/mantine.css'
import './app/tokens.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { preferredLanguage, speak } from './i18n/language.ts'
import { App } from './app/App.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('index.html lacks #root')

// Words first: drawing English and changing it would be seen.
const language = preferredLanguage()
await speak(language)
createRoot(root).render(
  <StrictMode>
    <App first={language} />
  </StrictMode>,
)
