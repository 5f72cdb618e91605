import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { afterEach, assert, describe, it } from "vitest"
import { cleanEnvironment, isOlder, reasonToInstall, unlinkedNode } from "../setup.mjs"

const lockfile = {
  packages: {
    "": { version: "0.0.0" },
    "packages/core": { version: "0.1.0" },
    "node_modules/effect": { version: "4.1.0" },
    "node_modules/other-machine": { version: "1.0.0", optional: true }
  }
}
const roots: Array<string> = []

const rootWith = (installed?: { readonly packages: Record<string, unknown> }) => {
  const root = mkdtempSync(join(tmpdir(), "crochet-setup-"))
  roots.push(root)
  writeFileSync(join(root, "package-lock.json"), JSON.stringify(lockfile))
  if (installed !== undefined) {
    for (const path of Object.keys(installed.packages)) mkdirSync(join(root, path), { recursive: true })
    writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify(installed))
  }
  return root
}

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

describe("reasonToInstall", () => {
  it("installs on a fresh clone", () => {
    assert.strictEqual(reasonToInstall(rootWith()), "nothing is installed yet")
  })

  it("leaves a good install alone, optional packages for other machines aside", () => {
    const root = rootWith({ packages: { "node_modules/effect": { version: "4.1.0" } } })
    assert.isUndefined(reasonToInstall(root))
  })

  it("installs again when the lockfile moved on", () => {
    const root = rootWith({ packages: { "node_modules/effect": { version: "4.0.9" } } })
    assert.strictEqual(reasonToInstall(root), "effect is 4.0.9, the lockfile says 4.1.0")
  })

  it("installs again when a package is missing from npm's record or from the disk", () => {
    assert.strictEqual(
      reasonToInstall(rootWith({ packages: { "node_modules/pg": { version: "8.0.0" } } })),
      "effect is not installed"
    )
    const root = rootWith({ packages: { "node_modules/effect": { version: "4.1.0" } } })
    rmSync(join(root, "node_modules/effect"), { recursive: true })
    assert.strictEqual(reasonToInstall(root), "effect has gone from node_modules")
  })
})

describe("isOlder", () => {
  it("compares numbers, not text", () => {
    assert.isTrue(isOlder("18.20.8", "20.0.0"))
    assert.isTrue(isOlder("22.9.0", "22.19.0"))
    assert.isFalse(isOlder("22.19.0", "22.19.0"))
    assert.isFalse(isOlder("24.1.0", "22.19.0"))
  })
})

describe("unlinkedNode", () => {
  it("notices that npm left our Node off the PATH", () => {
    const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`
    const root = rootWith({ packages: { [`node_modules/${name}`]: { version: "24.0.0" } } })
    assert.strictEqual(unlinkedNode(root), name)
    mkdirSync(join(root, "node_modules/.bin"))
    writeFileSync(join(root, "node_modules/.bin", process.platform === "win32" ? "node.cmd" : "node"), "")
    assert.isUndefined(unlinkedNode(root))
    assert.isUndefined(unlinkedNode(rootWith()))
  })
})

describe("cleanEnvironment", () => {
  it("drops what an outer npm command means for itself and keeps what the user set", () => {
    const clean = cleanEnvironment(
      {
        HOME: "/home/someone",
        NODE_ENV: "production",
        npm_command: "test",
        npm_lifecycle_event: "pretest",
        npm_config_workspace: "packages/core",
        npm_config_omit: "dev",
        npm_config_registry: "https://registry.example",
        npm_config_cache: "/cache"
      },
      "/repository"
    )
    assert.deepStrictEqual(clean, {
      HOME: "/home/someone",
      npm_config_registry: "https://registry.example",
      npm_config_cache: "/cache"
    })
  })

  it("takes the repository's own binaries off the PATH, because the install replaces them", () => {
    const path = ["/repository/node_modules/.bin", "/usr/bin", "/elsewhere/node_modules/.bin"].join(delimiter)
    assert.deepStrictEqual(cleanEnvironment({ PATH: path }, "/repository"), {
      PATH: ["/usr/bin", "/elsewhere/node_modules/.bin"].join(delimiter)
    })
  })
})
