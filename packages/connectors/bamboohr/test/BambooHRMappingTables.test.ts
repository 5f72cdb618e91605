import { assert, describe, it } from "vitest"
import { money } from "../src/BambooHRMappingPay.ts"
import { window } from "../src/BambooHRTimeOff.ts"
import { leaveType } from "../src/BambooHRWords.ts"
import { decoded } from "./Account.ts"
import { includes, row } from "./EmployeeRows.ts"

describe("pay and positions", () => {
  const tables = {
    jobInfo: [
      { id: "1", date: "2021-08-30", jobTitle: "Apprentice", inForce: false },
      { id: "3", date: "2024-01-01", jobTitle: "Weaver", inForce: true },
      { id: "2", date: "2022-06-01", jobTitle: "Junior Weaver", inForce: false }
    ],
    employmentStatus: [
      { id: "5", date: "2021-08-30", employmentStatus: "Intern" },
      { id: "6", date: "2022-01-01", employmentStatus: "Full-Time" }
    ],
    compensation: [
      {
        id: "8",
        startDate: "2021-08-30",
        rate: "21.50 EUR",
        type: "Hourly",
        paidPer: "Hour",
        paySchedule: "Every other week",
        exempt: "Non-exempt",
        inForce: false
      },
      {
        id: "9",
        startDate: "2024-01-01",
        rate: { currency: "EUR", value: "52000.00" },
        type: "Salary",
        paidPer: "Year",
        paySchedule: "Twice a month",
        exempt: "Exempt",
        inForce: true
      }
    ],
    bonus: [{ id: "11", date: "2025-12-01", amount: "1500.00 EUR", comment: "" }],
    commission: null
  }

  it("are history, newest first, each until the next begins", () => {
    const { compensation, employments } = decoded(row({ tables }))
    assert.deepStrictEqual(
      employments.map((one) => one.jobTitle),
      ["Weaver", "Junior Weaver", "Apprentice"]
    )
    includes(employments[0]!, {
      effectiveDate: "2024-01-01T00:00:00.000Z",
      endDate: null,
      isPrimary: "TRUE",
      payRate: 52000,
      currency: "EUR",
      payPeriod: "YEAR",
      flsaStatus: "EXEMPT",
      employmentType: "FULL_TIME"
    })
    includes(employments[1]!, {
      endDate: "2023-12-31T00:00:00.000Z",
      payRate: 21.5,
      payFrequency: "BIWEEKLY",
      employmentType: "FULL_TIME"
    })
    includes(employments[2]!, { endDate: "2022-05-31T00:00:00.000Z", employmentType: "NOT_SPECIFIED" })
    includes(compensation.fixed[0]!, {
      type: "SALARY",
      amount: 52000,
      currency: "EUR",
      payFrequency: "SEMIMONTHLY",
      isCurrent: "TRUE",
      endDate: null
    })
    includes(compensation.fixed[1]!, {
      type: "HOURLY_WAGE",
      amount: 21.5,
      payPeriod: "HOUR",
      endDate: "2023-12-31T00:00:00.000Z",
      isCurrent: "FALSE"
    })
    includes(compensation.variable[0]!, { type: "BONUS", amount: 1500, currency: "EUR", payFrequency: "ONE_TIME" })
  })

  it("are the same whatever the order of the rows", () => {
    const reversed = Object.fromEntries(
      Object.entries(tables).map(([name, list]) => [name, list === null ? null : [...list].reverse()])
    )
    assert.deepStrictEqual(decoded(row({ tables: reversed })), decoded(row({ tables })))
  })

  it("are null when the tables may not be read, and empty when there is nothing in them", () => {
    assert.isNull(decoded(row({ tables: { jobInfo: null, compensation: null } })).employments)
    assert.deepStrictEqual(decoded(row({ tables: { jobInfo: [], compensation: [] } })).employments, [])
    assert.deepStrictEqual(decoded(row({ tables: { jobInfo: [], compensation: [] } })).compensation.fixed, [])
  })

  it("read amounts in all the forms that the app has had", () => {
    assert.deepStrictEqual(money("65000.00 USD"), { amount: 65000, currency: "USD" })
    assert.deepStrictEqual(money({ currency: "usd", value: "0.10" }), { amount: 0.1, currency: "USD" })
    assert.deepStrictEqual(money("1,234.50"), { amount: 1234.5, currency: null })
    for (const none of ["", null, "n/a", {}, []]) assert.isNull(money(none))
  })
})

describe("time off", () => {
  const request = {
    id: "1659",
    status: { lastChanged: "2026-05-11", lastChangedByUserId: "2385", status: "approved" },
    start: "2026-04-10",
    end: "2026-04-14",
    created: "2026-05-10",
    type: { id: "77", name: "Bereavement", icon: "time-off-luggage" },
    amount: { unit: "days", amount: "5" }
  }

  it("becomes a leave request; empty notes may be a list", () => {
    const [one, two] = decoded(
      row({
        tables: {
          timeOff: [
            { ...request, notes: [] },
            { ...request, notes: { employee: "Thank you" } }
          ]
        }
      })
    ).leaveRequests
    includes(one!, {
      id: "1659",
      status: "APPROVED",
      unit: "DAYS",
      amount: 5,
      note: null,
      startDate: "2026-04-10T00:00:00.000Z",
      decidedOn: "2026-05-11T00:00:00.000Z"
    })
    includes(one!.leaveType, { id: "77", name: "Bereavement", type: "BEREAVEMENT" })
    assert.strictEqual(two!.note, "Thank you")
  })

  it("knows the kinds by the words in their names", () => {
    assert.deepStrictEqual(leaveType("Vacation Full-Time").type, "VACATION")
    assert.deepStrictEqual(leaveType("Comp/In Lieu Time").typeDetail, "COMP_TIME")
    assert.deepStrictEqual(leaveType("FMLA"), { type: "NOT_SPECIFIED", typeDetail: "OTHER" })
    assert.deepStrictEqual(leaveType(""), { type: "NOT_SPECIFIED", typeDetail: "NOT_SPECIFIED" })
  })

  it("is read for a year back and a year ahead, in whole months", () => {
    assert.deepStrictEqual(window(Date.parse("2026-07-15T22:00:00Z")), { start: "2025-07-01", end: "2027-07-31" })
    assert.deepStrictEqual(window(Date.parse("2028-02-29T00:00:00Z")), { start: "2027-02-01", end: "2029-02-28" })
  })
})

describe("people around an employee", () => {
  it("are dependents and emergency contacts, without numbers of the state", () => {
    const { contactInfo, dependents } = decoded(
      row({
        tables: {
          dependents: [
            {
              id: "3",
              firstName: "Bo",
              lastName: "Vermeer",
              relationship: "Child",
              gender: "Male",
              dateOfBirth: "2015-01-02",
              isStudent: "yes",
              zipcode: "3511 AA",
              country: "Netherlands"
            },
            { id: "4", firstName: "Sam", relationship: "Domestic Partner", dateOfBirth: "" },
            { id: "5", firstName: "Kim", relationship: "Cousin" }
          ],
          contacts: [
            {
              id: "9",
              name: "Sam",
              relationship: "Spouse",
              mobilePhone: "1",
              workPhone: "2",
              workPhoneExtension: "3",
              primary: "1"
            }
          ]
        }
      })
    )
    includes(dependents[0]!, {
      relation: "CHILD",
      birthDate: "2015-01-02T00:00:00.000Z",
      isStudent: "TRUE",
      gender: "MALE"
    })
    includes(dependents[0]!.address, { zipCode: "3511 AA", country: "NL" })
    includes(dependents[1]!, {
      relation: "NOT_SPECIFIED",
      relationDetail: "DOMESTIC_PARTNER",
      birthDate: null,
      address: null
    })
    includes(dependents[2]!, { relation: "NOT_SPECIFIED", relationDetail: "OTHER" })
    includes(contactInfo.emergencyContacts[0]!, { name: "Sam", relation: "Spouse", isPrimary: "TRUE" })
    assert.strictEqual(contactInfo.emergencyContacts[0]!.phones.length, 2)
  })

  it("have bank accounts from the custom table", () => {
    const { bankAccounts } = decoded(
      row({
        tables: {
          customBankInfo: [
            {
              id: "2",
              customBankName: "Bank of Examples",
              customAccountType: "Checking",
              customRoutingNumber: "000012345",
              customAccountNumber: "0001"
            }
          ]
        }
      })
    )
    includes(bankAccounts[0]!, {
      id: "2",
      accountNumber: "0001",
      accountType: "CHECKING",
      bankName: "Bank of Examples"
    })
    includes(bankAccounts[0]!.routingInfo[0]!, { type: "ROUTING_NUMBER", number: "000012345" })
  })
})
