import { Canonical, Crypto, PortableCrypto } from "@crochet/core"
import { Employee } from "@crochet/models"
import { Effect } from "effect"
import { assert, it } from "vitest"
import { toRecord } from "../src/BambooHRMapping.ts"
import type { EmployeeRow } from "../src/BambooHRWire.ts"

/** Something for every model, in made-up values. */
const row: EmployeeRow = {
  source: "dataset",
  employee: {
    eeid: "41",
    status: "Active",
    lastChangedIso: "2026-05-29T16:29:44+02:00",
    employeeNumber: 37,
    firstName: " Noor ",
    middleName: null,
    lastName: "Vermeer",
    preferredName: "Noortje",
    employeePronouns: "she/her",
    email: "noor@loom.example",
    homeEmail: "noor@home.example",
    hireDate: "2021-08-30",
    originalHireDate: "2020-02-29",
    terminationDate: "0000-00-00",
    dateOfBirth: "1990-02-30",
    gender: "Female",
    maritalStatus: "Domestic Partnership",
    ethnicity: "Two or More Races",
    nationality: "Dutch",
    employmentStatus: "Part-Time",
    jobInformationJobTitle: "Weaver",
    jobInformationDepartment: "Fabric",
    jobInformationDivision: "Europe",
    jobInformationLocation: "Remote Worker",
    supervisorEid: "7",
    supervisorEmail: "boss@loom.example",
    workPhone: "+31 20 555 0100",
    workExtension: "12",
    mobilePhone: "+31 6 5550 0101",
    homePhone: "",
    addressLineOne: "Weefstraat 1",
    city: "Utrecht",
    country: "Netherlands",
    zipcode: "3511 AA",
    ssn: "000-12-3456"
  },
  photo: "https://images.example/41.jpg",
  tables: {
    jobInfo: [
      { id: "1", date: "2020-02-29", jobTitle: "Apprentice", inForce: false },
      { id: "2", date: "2021-08-30", jobTitle: "Weaver", inForce: true }
    ],
    employmentStatus: [{ id: "3", date: "2020-02-29", employmentStatus: "Full-Time" }],
    compensation: [
      { id: "6", startDate: "2024-01-01", rate: "3,100.50 EUR", type: "Salary", paidPer: "Month", exempt: "Exempt" },
      { id: "4", startDate: "2020-02-29", rate: "18.25 EUR", type: "Hourly", paidPer: "Hour", comment: "trial" },
      { id: "5", startDate: "2024-01-01", rate: { value: "0.10", currency: "eur" }, type: "Commission", paidPer: "x" }
    ],
    bonus: [{ id: "7", date: "2025-12-01", amount: "-1000 EUR", comment: "" }],
    commission: null,
    contacts: [
      { id: "8", name: "Bo", relationship: "Sibling", primary: "1", homePhone: "+31 20 555 0199", email: null }
    ],
    dependents: [
      {
        id: "9",
        firstName: "Jip",
        lastName: "Vermeer",
        relationship: "Child",
        dateOfBirth: "2019-05-27",
        isStudent: "no"
      },
      { id: "10", firstName: "Pip", relationship: "Godchild", gender: "Male", zipcode: "3511 AB", homePhone: "1" }
    ],
    customBankInfo: [{ id: "11", customBankName: "Loom Bank", customAccountType: "Checking", customIBAN: "NL00LOOM" }],
    timeOff: [
      {
        id: "12",
        start: "2026-07-01",
        end: "2026-07-03",
        created: "2026-05-01",
        status: { status: "approved", lastChanged: "2026-05-02" },
        type: { id: "1", name: "Parental leave" },
        amount: { unit: "days", amount: "3" },
        notes: { employee: "see you" }
      }
    ],
    company: [{ id: null, legalName: "Loom B.V.", displayName: "Loom" }]
  },
  custom: { zebra: "1", "4047": "shirt M", apple: null, list: ["a", { c: 1, b: null }] }
}

/** Of each model's text, under a key of ones: what an installation has stored. Another one here tells receivers of a change. */
const stored = {
  bankAccounts: "Glqkd0sPSxA-EQNCQ4EbGV",
  company: "-gAQn5tmnYiAtr-DaN0rKj",
  compensation: "B0Bm1EurJwHdFX4ZabZHPt",
  contactInfo: "bom6Y6KgO4YQfzwB0sP6xv",
  customFields: "_K1n_okONaKkVw5aNiS4LG",
  demographics: "YUj56g0q8eXze_3eWxUi21",
  dependents: "ROekz3z5xcfrUYlL97ydcx",
  employeeIdentificationData: "gfCBKJrQVoID03FUOPdjKu",
  employeeProfilePicture: "uH47AM3pBaR2f93Rn847QJ",
  employments: "vPV0qdir6ORxMG2cQRZQVm",
  leaveRequests: "058WSAd2J-QTujJjQb4WBw",
  locations: "fbCT5OJflsqEeS70mSM8zz",
  orgStructure: "ZnkFsvE22h6igPRCoX6MQs",
  profile: "LLwWEq-I57brJEAFGZC-ZD",
  rawValues: "j69tcHipd-43ZC3sNpEgil"
}

it("an employee's fingerprints are what they were", () => {
  const fingerprint = Effect.runSync(
    Effect.map(Crypto.Crypto, (crypto) => crypto.fingerprinter(new Uint8Array(32).fill(1))).pipe(
      Effect.provide(PortableCrypto.layer)
    )
  )
  const record = new Map(Object.entries(toRecord(row)))
  const found = Object.entries(Employee.models).flatMap(([key, { schema }]) => {
    const given: unknown = record.get(key)
    return given === null || given === undefined
      ? []
      : [[key, fingerprint(JSON.stringify(Canonical.decoder<unknown>(schema)(given)))] as const]
  })
  assert.deepStrictEqual(Object.fromEntries(found), stored)
})
