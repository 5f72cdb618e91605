import { assert, describe, it } from "vitest"
import { decoded as map, employees, resource } from "./Account.ts"
import { employee, member } from "./rows.ts"

describe("people", () => {
  it("a member is a user with a role", () => {
    const users = resource("ats_users")
    const role = (changes: object) => map(users, { ...member, ...changes }).info.role
    assert.deepInclude(map(users, member).info, { id: "1f1", name: "Rita Reed", isActive: "TRUE", roleRaw: "admin" })
    assert.strictEqual(role({}), "ADMIN")
    assert.strictEqual(role({ roles: ["workable.superadmin"] }), "SUPER_ADMIN")
    assert.strictEqual(role({ role: "simple" }), "MEMBER")
    assert.strictEqual(role({ role: "wizard" }), "NOT_SPECIFIED")
  })

  it.each([
    ["status_active", "ACTIVE", "ACTIVE"],
    ["status_inactive", "INACTIVE", "NOT_SPECIFIED"],
    ["status_draft", "NOT_SPECIFIED", "NOT_SPECIFIED"],
    ["status_of_grace", "NOT_SPECIFIED", "NOT_SPECIFIED"]
  ])("an employee of %s is %s, %s, with the app's word kept", (word, status, detail) => {
    const record = map(employees, { employee: { ...employee, status_semantic_type: word } })
    assert.deepInclude(record.profile, { employmentStatus: status, employmentStatusDetail: detail })
    assert.strictEqual(record.rawValues.employmentStatus, word)
    assert.strictEqual(employees.dataType.isActive(record), status !== "INACTIVE")
  })

  it("an employee has the day of their start, the entity above their site, and a manager by id", () => {
    const record = map(employees, {
      employee,
      department: "Looms",
      entity: { id: "e1", name: "UK Entity", type: "entity" },
      place: "Leeds Mill"
    })
    assert.deepInclude(record.profile, { firstName: "Dana", startDate: "2026-08-20T00:00:00.000Z", birthDate: null })
    assert.deepInclude(record.orgStructure, {
      designation: "Weaver",
      department: "Looms",
      legalEntityId: "e1",
      legalEntity: "UK Entity"
    })
    assert.deepEqual(record.orgStructure.manager, { id: "19ff2f", workEmail: null })
    assert.strictEqual(record.locations.workLocationName, "Leeds Mill")
    assert.deepEqual(record.contactInfo.personalEmails, ["dana@private.example"])
  })
})
