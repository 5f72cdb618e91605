import { readFileSync } from "node:fs"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { Connector, Declare } from "@crochet/core"
import { Employee } from "@crochet/models"
import { assert, describe, it } from "vitest"
import { exceptions, faultsOfFiles, faultsOfModule } from "../check-connectors.mjs"

const manifest = {
  name: "@crochet/connector-acme",
  description: "Acme connector for Crochet",
  license: "Apache-2.0",
  type: "module",
  sideEffects: [],
  exports: { ".": {}, "./package.json": "./package.json" },
  files: ["dist"],
  publishConfig: { access: "public" },
  dependencies: { "@crochet/core": "0.1.0", "@crochet/models": "0.1.0" },
  peerDependencies: { effect: "^4.1.0" }
}
const readme = `# @crochet/connector-acme

\`\`\`ts
import { connector } from "@crochet/connector-acme"
\`\`\`

| Setting | |
|---|---|
| subdomain | |

| Model | Read from |
| --- | :-: |
| profile | people |
`
const files: { readonly [path: string]: string } = {
  "package.json": JSON.stringify(manifest),
  "README.md": readme,
  "src/index.ts": 'export { connector, connector as default } from "./Acme.ts"\n',
  "src/Acme.ts": 'import { map } from "./AcmeMapping.ts"\nexport const connector = { map }\n',
  "src/AcmePlan.ts": "const plans = new WeakMap()\nexport const planOf = (client: object) => plans.get(client)\n",
  "src/AcmeMapping.ts": "export type Row = { id: string }\nexport const map = (row: Row) => row\n",
  "test/AcmeMapping.test.ts": 'import { map } from "../src/AcmeMapping.ts"\n',
  "test/Acme.conformance.test.ts": "ConnectorConformance.suite({ connector, sandbox })\n"
}
const good = {
  folder: "packages/connectors/acme",
  files,
  changesets: ['---\n"@crochet/connector-acme": minor\n---\n\nAcme.\n'],
  hasKit: true
}
const found = (options: Partial<typeof good>) => faultsOfFiles({ ...good, ...options }).map(({ message }) => message)
const changed = (path: string, text: string | undefined) => ({
  files: Object.fromEntries(
    Object.entries({ ...files, [path]: text }).filter(([, value]) => value !== undefined)
  ) as typeof files
})
const named = (change: object) => changed("package.json", JSON.stringify({ ...manifest, ...change }))

const bad: ReadonlyArray<[rule: string, options: Partial<typeof good>, expected: RegExp]> = [
  ["the package's name", named({ name: "@crochet/acme" }), /name must be @crochet\/connector-acme/],
  ["the licence", named({ license: "MIT" }), /license must be "Apache-2.0"/],
  ["the description", named({ description: "" }), /write a description/],
  ["side effects declared", named({ sideEffects: true }), /"sideEffects": \[\]/],
  ["one entry", named({ exports: { ".": {}, "./wire": {} } }), /only entry of exports/],
  ["dependencies", named({ dependencies: { lodash: "4" } }), /not on lodash/],
  ["effect as a peer", named({ peerDependencies: {} }), /effect is a peer dependency/],
  ["not private", named({ private: true }), /take private out/],
  ["public", named({ publishConfig: {} }), /must be public/],
  ["only dist", named({ files: ["dist", "src"] }), /must be "dist"/],
  ["a changeset", { changesets: [] }, /no \.changeset/],
  ["an index", changed("src/index.ts", undefined), /index\.ts is missing/],
  [
    "a file of the app's name",
    changed("src/Endpoints.ts", "export const a = 1\n"),
    /names of all others begin with <App>/
  ],
  ["the folder's app", { folder: "packages/connectors/other" }, /package\.json: the name/],
  ["short files", changed("src/AcmeLong.ts", "// line\n".repeat(301)), /AcmeLong\.ts: 301 lines/],
  [
    "nothing done on import",
    changed("src/AcmeLog.ts", 'const a = 1\nconsole.log("a", a)\n'),
    /AcmeLog\.ts:2: something is done/
  ],
  ["no state", changed("src/AcmeState.ts", "export let client = null\n"), /AcmeState\.ts:1: state/],
  [
    "no cache",
    changed("src/AcmeCache.ts", "const cache = new Map()\nexport const a = () => cache\n"),
    /AcmeCache\.ts:1: state/
  ],
  [
    "no other connector",
    changed("test/Acme.test.ts", 'import "@crochet/connector-other"\n'),
    /not even of @crochet\/connector-other/
  ],
  ["a README", changed("README.md", undefined), /README\.md is missing/],
  ["a short README", changed("README.md", readme + "\n".repeat(60) + "end\n"), /README\.md: 7\d lines/],
  ["a heading", changed("README.md", `Acme\n${readme}`), /begin with a heading/],
  ["a program", changed("README.md", readme.replace("```ts", "```sh")), /checked code block/],
  ["two tables", changed("README.md", readme.replace("| --- | :-: |\n", "")), /a table of the settings/],
  ["mapper tests", changed("test/AcmeMapping.test.ts", undefined), /no test calls the mapper/],
  ["the kit", changed("test/Acme.conformance.test.ts", undefined), /call ConnectorConformance\.suite/],
  [
    "a short call of the kit",
    changed("test/Acme.conformance.test.ts", `ConnectorConformance.suite({})\n${"//\n".repeat(30)}`),
    /31 lines/
  ]
]

const declared = (
  options: Partial<Declare.ConnectorDeclaration> = {},
  unread: "UNKNOWN" | "UNSUPPORTED" = "UNSUPPORTED"
) =>
  Declare.connector({
    app: {
      id: "acme",
      name: "Acme",
      categories: ["HRIS"],
      website: "https://acme.example",
      docs: "https://acme.example/api"
    },
    auth: [Declare.bearer({ help: "Settings → API." })],
    http: { baseUrl: "https://acme.example" },
    validate: { path: "/me" },
    resources: [
      Declare.resource(Employee, {
        row: Employee.models.profile.schema,
        id: "id" as never,
        list: Declare.whole({ path: "/people" }),
        map: { profile: { id: "id" } },
        unread
      })
    ],
    ...options
  })
const faults = (exported: { [name: string]: unknown }) =>
  faultsOfModule(exported, "packages/connectors/acme").map(({ message }) => message)

describe("check-connectors", () => {
  it("lets a connector pass that is like the others, without the kit as with it", () => {
    assert.deepStrictEqual(found({}), [])
    assert.deepStrictEqual(found({ ...changed("test/Acme.conformance.test.ts", undefined), hasKit: false }), [])
    assert.deepStrictEqual(found({ ...changed("CHANGELOG.md", "# 0.1.0"), changesets: [] }), [])
    const example = {
      ...named({ name: "@crochet/example-connector-acme", private: true }),
      folder: "examples/connector-acme"
    }
    const ours = readme.replaceAll("@crochet/connector-acme", "@crochet/example-connector-acme")
    assert.deepStrictEqual(found({ ...example, files: { ...example.files, "README.md": ours } }), [])
  })

  it.each(bad)("holds %s", (_, options, expected) => {
    assert.match(found(options).join("\n"), expected)
  })

  it("holds what is exported", () => {
    const connector = declared()
    assert.deepStrictEqual(faults({ connector, default: connector }), [])
    assert.match(faults({}).join(), /does not export a connector/)
    assert.match(faults({ connector, mapPerson: () => 1 }).join(), /more than the connector: mapPerson/)
    assert.match(faults({ connector: declared({}, "UNKNOWN") }).join(), /profile is UNKNOWN/)
    assert.match(faults({ connector: declared({ resources: [] }) }).join(), /no resource/)
    const app = connector.app
    assert.match(
      faults({ connector: declared({ app: { ...app, docs: "http://acme.example" } }) }).join(),
      /app\.docs must be an https/
    )
    assert.match(faults({ connector: declared({ app: { ...app, id: "other" } }) }).join(), /app\.id is other/)
    assert.match(
      faults({ connector: declared({ app: { ...app, categories: ["CRM"] } }) }).join(),
      /categories lacks HRIS/
    )
    assert.match(faults({ connector: declared({ auth: [Declare.bearer({ help: " " })] }) }).join(), /token has no help/)
    const [resource] = connector.resources
    const silent = Connector.make({
      ...connector,
      resources: [{ ...resource!, support: { profile: { support: "SUPPORTED" } } }]
    })
    assert.match(faults({ connector: silent }).join(), /support says nothing about w4Data/)
  })

  it("excuses nobody", () => {
    assert.deepStrictEqual([...exceptions], [])
  })

  it("is part of lint, and lets the example of docs/authoring.md pass", () => {
    const root = fileURLToPath(new URL("../..", import.meta.url))
    assert.include(
      JSON.parse(readFileSync(`${root}/package.json`, "utf8")).scripts.lint,
      "scripts/check-connectors.mjs"
    )
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--conditions=@crochet/source", "scripts/check-connectors.mjs"],
      { cwd: root, encoding: "utf8" }
    )
    // What other connectors lack is for lint to say, not for this test.
    assert.notInclude(stderr, "examples/connector-okta")
    assert.notMatch(stderr, /^\s+at /m)
    assert.oneOf(status, [0, 1])
  })
})
