import { createTheme, Modal, type CSSVariablesResolver, type MantineColorsTuple, localStorageColorSchemeManager } from '@mantine/core'

const accent: MantineColorsTuple = ['#f0f1fd', '#dfe2fa', '#bfc5f4', '#9ca5ee', '#7f8ae8', '#6873e0', '#4653c9', '#3a46b0', '#303a94', '#272f78']
const dark: MantineColorsTuple = ['#e6e7ea', '#a9adb6', '#8b909b', '#5d626d', '#3a3e47', '#2c2f37', '#22252b', '#17191e', '#121317', '#0d0e11']

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  colors: { accent, dark },
  defaultRadius: 6,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.0625rem', lineHeight: '1.4' }, h2: { fontSize: '0.9375rem', lineHeight: '1.4' }, h3: { fontSize: '0.875rem', lineHeight: '1.4' } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  // The page itself never scrolls, and the lock would write a style element that knows no nonce.
  components: { Modal: Modal.extend({ defaultProps: { lockScroll: false } }), ModalRoot: Modal.Root.extend({ defaultProps: { lockScroll: false } }) },
})

/** Mantine's own greys are led to the portal's (tokens.css), so that both follow one pair of palettes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-text': 'var(--text)', '--mantine-color-body': 'var(--surface)', '--mantine-color-dimmed': 'var(--quiet)', '--mantine-color-placeholder': 'var(--quiet)', '--mantine-color-default-border': 'var(--line-strong)', '--mantine-color-error': 'var(--breach)' },
  dark: { '--mantine-color-text': 'var(--text)', '--mantine-color-body': 'var(--surface)', '--mantine-color-dimmed': 'var(--quiet)', '--mantine-color-placeholder': 'var(--quiet)', '--mantine-color-default': 'var(--surface)', '--mantine-color-default-border': 'var(--line-strong)', '--mantine-color-error': 'var(--breach)', '--mantine-color-anchor': 'var(--accent-text)' },
})

/** Read by scheme.js too, before the first paint. */
export const schemeManager = localStorageColorSchemeManager({ key: 'callweave-scheme' })

/** The nonce of the page's content policy. Browsers hide the attribute from scripts but not the property. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
}
