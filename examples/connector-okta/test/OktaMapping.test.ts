import { assert, it } from "vitest"
import { connector } from "../src/index.ts"

const [users] = connector.resources
const row = {
  id: "00u1",
  status: "SUSPENDED",
  created: "2024-05-01T08:00:00.000Z",
  lastUpdated: "2026-03-01T08:00:00.000Z",
  lastLogin: null,
  profile: {
    login: "ada@acme.example",
    email: "ada@acme.example",
    secondEmail: null,
    firstName: "Ada",
    lastName: "Example",
    title: "Engineer",
    department: "R&D",
    mobilePhone: "+1 555 0100",
    manager: "Somebody",
    userType: "Employee",
    shirtSize: "M",
    badges: ["blue"]
  }
}
/** The record as it is sent: what is absent left out. */
const record = (given: object = row): { readonly [model: string]: unknown } =>
  JSON.parse(JSON.stringify(users!.toRecord(given), (_, value) => value ?? undefined))

it("maps what Okta says, and nothing else", () => {
  assert.deepStrictEqual(record(), {
    profile: {
      id: "00u1",
      firstName: "Ada",
      lastName: "Example",
      workEmail: "ada@acme.example",
      username: "ada@acme.example",
      employmentStatus: "ACTIVE",
      employmentStatusDetail: "SUSPENDED",
      createdAt: "2024-05-01T08:00:00.000Z",
      updatedAt: "2026-03-01T08:00:00.000Z"
    },
    contactInfo: { phones: [{ type: "PERSONAL", phoneNumber: "+1 555 0100" }] },
    orgStructure: { designation: "Engineer", department: "R&D" },
    rawValues: { employmentStatus: "SUSPENDED", workerType: "Employee" },
    customFields: { shirtSize: "M", badges: ["blue"] }
  })
})

it("keeps a status that it does not know, and decides nothing by it", () => {
  const { profile, rawValues } = record({ ...row, status: "FROZEN" })
  assert.deepInclude(profile, { employmentStatus: "NOT_SPECIFIED" })
  assert.deepInclude(rawValues, { employmentStatus: "FROZEN" })
})

it("knows each status of Okta's", () => {
  const statuses = ["STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT", "SUSPENDED"]
  for (const status of statuses)
    assert.deepInclude(record({ ...row, status }).profile, { employmentStatus: "ACTIVE" }, status)
  assert.deepInclude(record({ ...row, status: "DEPROVISIONED" }).profile, { employmentStatus: "INACTIVE" })
})

it("does not take a user without a profile, or with text of another type", () => {
  const { profile: _, ...without } = row
  assert.throws(() => record(without), /profile/)
  assert.throws(() => record({ ...row, profile: { ...row.profile, firstName: 5 } }), /firstName/)
})

it("declares what is read of every model", () => {
  const { support } = users!
  assert.deepStrictEqual(Object.keys(support), Object.keys(users!.dataType.models))
  assert.deepInclude(support.orgStructure?.fields, { manager: "NOT_IMPLEMENTED", team: "UNSUPPORTED" })
  assert.deepStrictEqual(support.compensation, { support: "UNSUPPORTED" })
})
