import { execFileSync } from "node:child_process"
import { cpus, platform, release, totalmem } from "node:os"

const commit = (): string => {
  try {
    const git = (...args: ReadonlyArray<string>) =>
      execFileSync("git", args, {
        cwd: import.meta.dirname,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"]
      }).trim()
    return `${git("rev-parse", "HEAD")}${git("status", "--porcelain") === "" ? "" : " with changes"}`
  } catch {
    return "unknown"
  }
}

/** Under what the numbers came about: without it they say nothing. */
export const circumstances = (config: { readonly seed: number; readonly long: boolean; readonly ci: boolean }) => ({
  at: new Date().toISOString(),
  commit: commit(),
  node: process.version,
  sqlite: process.versions["sqlite"] ?? "unknown",
  system: `${platform()} ${release()}`,
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  config
})
