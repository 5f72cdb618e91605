import { defineConfig } from "vitest/config"

export default defineConfig({
  resolve: { conditions: ["@crochet/source"] },
  ssr: { resolve: { conditions: ["@crochet/source"] } },
  test: {
    include: ["packages/**/test/**/*.test.ts", "examples/**/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 30_000
  }
})
