import { defineConfig } from "vitest/config"

// Packages import each other's sources, so that no test depends on a build.
const conditions = ["@crochet/source", "module", "node", "development|production"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/**/test/**/*.test.ts",
      "proof/test/**/*.test.ts",
      "examples/**/test/**/*.test.ts",
      "scripts/test/**/*.test.ts"
    ],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // Only what hangs is to be ended: a machine that has other work takes five times as long for dozens of processes.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // One core is left idle otherwise, and many tests mostly wait: for servers that start, or for one that they kill.
    maxWorkers: "100%"
  }
})
