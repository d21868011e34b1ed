declare module '*.po' {
  import type { LocaleData } from 'ttag'
  const catalogue: LocaleData
  export default catalogue
}
declare module '*.module.css' {
  const classes: Record<string, string>
  export default classes
}
