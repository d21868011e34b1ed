// Runs a TypeScript file of this folder: node e2e/run.mjs e2e/FILE.ts [ARGUMENT...]
import { runnerImport } from 'vite'

const [, , file, ...rest] = process.argv
const { module } = await runnerImport(new URL(`../${file}`, import.meta.url).pathname)
await module.main(rest)
