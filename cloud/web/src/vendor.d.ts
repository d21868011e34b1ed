declare module 'gettext-parser' {
  interface Message { msgid: string; msgid_plural?: string; msgctxt?: string; msgstr: string[]; comments?: { reference?: string; translator?: string; extracted?: string; flag?: string; previous?: string } }
  interface Catalogue { charset: string; headers: Record<string, string>; translations: Record<string, Record<string, Message>>; obsolete?: Record<string, Record<string, Message>> }
  export const po: { parse(input: Uint8Array | string): Catalogue; compile(catalogue: Catalogue, options?: { foldLength?: number }): Uint8Array }
}
