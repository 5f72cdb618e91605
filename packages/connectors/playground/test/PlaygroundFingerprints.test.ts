import { Canonical, Crypto, PortableCrypto } from "@crochet/core"
import { Employee } from "@crochet/models"
import { Effect } from "effect"
import { assert, it } from "vitest"
import * as Company from "../src/PlaygroundCompany.ts"
import { toRecord } from "../src/PlaygroundMapping.ts"
import * as Settings from "../src/PlaygroundSettings.ts"

/** Of each model's texts, of 50 people one after the other, under a key of ones. */
const stored = {}

it("the fingerprints of the people are what they were", () => {
  const fingerprint = Effect.runSync(
    Effect.map(Crypto.Crypto, (crypto) => crypto.fingerprinter(new Uint8Array(32).fill(1))).pipe(
      Effect.provide(PortableCrypto.layer)
    )
  )
  const parsed = Settings.parse({ employees: "50" })
  if (!("settings" in parsed)) throw new Error(parsed.message)
  const company = Company.make(parsed.settings)
  const records = Array.from({ length: 50 }, (_, seat) => toRecord(company.rowAt(seat, 9, { ethnicity: true })))
  const found = Object.entries(Employee.models).map(([key, { schema }]) => {
    const decode = Canonical.decoder<unknown>(schema)
    const texts = records.map((record) => {
      const given: unknown = new Map(Object.entries(record)).get(key)
      return JSON.stringify(given === null || given === undefined ? null : decode(given))
    })
    return [key, fingerprint(texts.join("\n"))] as const
  })
  assert.deepStrictEqual(Object.fromEntries(found), stored)
})
