import react from '@vitejs/plugin-react'
import { readFileSync } from 'node:fs'
import { po as gettext } from 'gettext-parser'
import { defineConfig, type Plugin } from 'vite'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** Turns a .po catalogue into the object ttag.addLocale wants, without the comments that only translators read. */
function catalogue(): Plugin {
  return {
    name: 'callweave:po',
    load(id) {
      if (!id.endsWith('.po')) return null
      const parsed = gettext.parse(readFileSync(id))
      if (!parsed.headers['Language']) this.error(`${id} lacks a Language header; without it ttag evaluates code, which the content policy forbids`)
      for (const context of Object.values(parsed.translations)) {
        for (const message of Object.values(context)) delete message.comments
      }
      return { code: `export default ${JSON.stringify({ headers: parsed.headers, translations: parsed.translations })}`, moduleType: 'js' }
    },
  }
}

/** Writes .br and .gz beside every asset that shrinks, so that the server never compresses anything twice. */
function precompress(): Plugin {
  return {
    name: 'callweave:precompress',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          if (!/\.(js|css|svg|wasm)$/.test(name)) continue
          const source = Buffer.from(file.type === 'chunk' ? file.code : file.source)
          if (source.length < 1024) continue
          this.emitFile({ type: 'asset', fileName: `${name}.br`, source: brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: source.length } }) })
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(source, { level: 9 }) })
        }
      },
    },
  }
}

export default defineConfig({
  plugins: [react(), catalogue(), precompress()],
  // The server replaces this mark by a fresh nonce with every answer.
  html: { cspNonce: '__CSP_NONCE__' },
  worker: { format: 'es' },
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: process.env['PORTAL_URL'] ? { '/api': { target: process.env['PORTAL_URL'], changeOrigin: false, secure: false } } : {} },
})
