import { readFileSync } from "node:fs"

/** The version of this package. */
export const version: string = (() => {
  // The same relative place from src/ and from dist/.
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "0.0.0"
})()
