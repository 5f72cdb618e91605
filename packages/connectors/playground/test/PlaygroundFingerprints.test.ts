import { Canonical, Crypto, PortableCrypto } from "@crochet/core"
import { Employee } from "@crochet/models"
import { Effect } from "effect"
import { assert, it } from "vitest"
import * as Company from "../src/PlaygroundCompany.ts"
import { toRecord } from "../src/PlaygroundMapping.ts"
import * as Settings from "../src/PlaygroundSettings.ts"

/** Of each model's texts, of 50 people one after the other, under a key of ones. */
const stored = {
  bankAccounts: "EbpkCqEigyd2BHee8maVgH",
  company: "gezmvvw5hjq771OyN2b4ew",
  compensation: "PXtJy8QknshXry5vSN3NnX",
  contactInfo: "WCNyHUwAk8mpHEB6nxOPiM",
  customFields: "y4RAEi1Y63GuarcpGerxjW",
  deductions: "oZ1h4JHsQcGMPdO0BuRqWf",
  demographics: "UEZe_BW7JGt33VSYhZVXVg",
  dependents: "ySJsDkFD443z_r4efekPFq",
  employeeIdentificationData: "StN3WAEH1veSAXgT4Eooc1",
  employeeKYC: "h10UnGg6Gg828tB7mO3x-k",
  employeeProfilePicture: "tmkDcPmMKRY-ef9DBG1qvm",
  employments: "lbSRsORVaNu3x0Z6e4elej",
  leaveBalances: "ZjQkp24XIkBLHH4LXDOEaD",
  leaveRequests: "K1LgNnf09OCTYieNC1rFlY",
  locations: "4zL71ZN1OAdD6PiHS3G9Mp",
  orgStructure: "ScblCTwwyWCGcR0i0Xq3-k",
  profile: "7a3SBz-8LFGG-w6dmKAfhi",
  rawValues: "RzF4OY5wxu9fc1cHDgq6jk",
  w4Data: "HNwQLCDIWIVD_9POMTFBOT"
}

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
