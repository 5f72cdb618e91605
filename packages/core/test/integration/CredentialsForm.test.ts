import { assert, describe, it } from "vitest"
import { Redacted } from "effect"
import type { Connector } from "@crochet/core"
import { makeApp } from "../engine/Harness.ts"
import * as CredentialsForm from "../../src/integration/CredentialsForm.ts"

const secret = (key: string) => ({ key, label: key, help: "From the app.", secret: true })
const connector: Connector.Connector = {
  ...makeApp([]).connector,
  auth: [
    { kind: "key", id: "key", title: "Key", fields: [secret("apiKey")] } as never,
    { kind: "oauth2", id: "oauth", title: "OAuth" } as never
  ]
}
const parse = (values: { readonly [key: string]: unknown }, scheme?: string) =>
  CredentialsForm.parse(connector, scheme, values)

describe("CredentialsForm", () => {
  it("takes the scheme that is named, or the first whose fields fit", () => {
    const key = parse({ apiKey: " k " })
    assert.isTrue(
      "credentials" in key &&
        key.credentials.kind === "key" &&
        Redacted.value(key.credentials.values["apiKey"]!) === "k"
    )
    const oauth = parse({ accessToken: "a", refreshToken: "r", expiresAt: 1_700_000_000_000 })
    assert.isTrue(
      "credentials" in oauth && oauth.credentials.kind === "oauth2" && oauth.credentials.expiresAt === 1_700_000_000_000
    )
    assert.deepStrictEqual("issues" in parse({ accessToken: "a" }, "key") && parse({ accessToken: "a" }, "key"), {
      issues: [{ field: "apiKey", message: "apiKey is required. From the app." }]
    })
  })
  it("names the field, the schemes, and never a value", () => {
    assert.deepStrictEqual(parse({}, "basic"), {
      issues: [{ field: "authScheme", message: "authScheme must be one of key, oauth." }]
    })
    const bad = parse({ accessToken: "canary", expiresAt: "canary" })
    assert.isTrue("issues" in bad && bad.issues[0]?.field === "expiresAt", "the scheme that was meant")
    assert.notInclude(JSON.stringify(bad), "canary")
    assert.notInclude(JSON.stringify(parse({ apiKey: "canary" })), "canary", "secrets are redacted")
  })
})
