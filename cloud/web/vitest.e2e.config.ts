import { mergeConfig } from 'vite'
import { defineConfig } from 'vitest/config'
import base from './vite.config.ts'

// Browser tests share one browser and one portal, so they run one after the other.
export default mergeConfig(
  base,
  defineConfig({ test: { include: ['e2e/**/*.e2e.ts'], environment: 'node', fileParallelism: false, testTimeout: 60_000, hookTimeout: 180_000 } }),
)
