// Writes src/api/schema.ts from the API's own description (cloud/api/openapi.json).
import openapiTS, { astToString } from 'openapi-typescript'
import { writeFileSync } from 'node:fs'

const description = new URL('../../api/openapi.json', import.meta.url)
const target = new URL('../src/api/schema.ts', import.meta.url)
const types = astToString(await openapiTS(description, { alphabetize: true }))
writeFileSync(target, `// Generated from cloud/api/openapi.json by scripts/generate.mjs.\n\n${types}`)
