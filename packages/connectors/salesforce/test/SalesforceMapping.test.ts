import { assert, describe, it } from "vitest"
import { parse } from "../src/SalesforceCsv.ts"
import { type Row, valueOf } from "../src/SalesforceRow.ts"
import { resourceOf } from "./Account.ts"
import { decoded } from "./Decoded.ts"

describe("accounts", () => {
  const row: Row = {
    type: "Account",
    Id: "001dM00003jU9GxQAK",
    Name: "Edge Communications",
    Type: "Customer - Direct",
    Website: "http://www.edgecomm.example/home",
    NumberOfEmployees: 1000,
    AnnualRevenue: 139000000.1,
    BillingStreet: "312 Constitution Place\r\nAustin, TX 78767\r\nUSA",
    BillingCountry: "Deutschland",
    OwnerId: "005dM00000awSFJQA2",
    "Owner.Name": "Ada Weaver",
    "Owner.Email": null,
    CreatedDate: "2026-05-01T07:25:37.000Z",
    LastActivityDate: "2026-05-02",
    IsPersonAccount: false,
    Loom_Count__c: 12,
    "CreatedBy.Name": "Not custom"
  }

  it("say what the row says", () => {
    const { addresses, customFields, info, rawValues } = decoded("crm_accounts", row)
    assert.deepInclude(info, {
      name: "Edge Communications",
      type: "CUSTOMER",
      domain: "edgecomm.example",
      numberOfEmployees: "1000",
      annualRevenue: 139000000.1,
      createdAt: "2026-05-01T07:25:37.000Z",
      lastActivityAt: "2026-05-02T00:00:00.000Z",
      isPersonAccount: "FALSE",
      lifecycleStage: "NOT_SPECIFIED"
    })
    assert.deepStrictEqual<unknown>(info.owner, {
      id: "005dM00000awSFJQA2",
      email: null,
      employeeId: null,
      name: "Ada Weaver"
    })
    assert.deepInclude(addresses[0]!, {
      addressLine1: "312 Constitution Place",
      addressLine2: "Austin, TX 78767, USA",
      country: "DE",
      addressType: "BILLING"
    })
    assert.deepStrictEqual(customFields, { fields: { Loom_Count__c: 12 } })
    assert.deepStrictEqual<unknown>(rawValues, { type: "Customer - Direct", lifecycleStage: null })
  })

  it("are mapped without touching the row", () => {
    const frozen = Object.freeze({ ...row })
    const { toRecord } = resourceOf("crm_accounts")
    assert.deepStrictEqual(toRecord(frozen), toRecord(row))
  })

  it("keep an unknown type as the app's word, and invent nothing for what is absent", () => {
    const { addresses, info, phones, rawValues } = decoded("crm_accounts", {
      type: "Account",
      Id: "001",
      Type: "Guild"
    })
    assert.strictEqual(info.type, "NOT_SPECIFIED")
    assert.strictEqual(rawValues.type, "Guild")
    assert.deepStrictEqual(
      [info.name, info.isPersonAccount, info.owner, addresses, phones],
      [null, "NOT_SPECIFIED", null, null, null]
    )
  })
})

describe("deals", () => {
  const status = (IsClosed: boolean | null, IsWon: boolean | null) =>
    decoded("crm_deals", { type: "Opportunity", Id: "006", IsClosed, IsWon }).info.status

  it("are open, won or lost by their flags, not by the name of their stage", () => {
    assert.deepStrictEqual(
      [status(false, false), status(true, true), status(true, false), status(null, null), status(true, null)],
      ["OPEN", "WON", "LOST", "NOT_SPECIFIED", "NOT_SPECIFIED"]
    )
  })

  it("have a closing date only once they are closed", () => {
    const deal = (IsClosed: boolean) =>
      decoded("crm_deals", { type: "Opportunity", Id: "006", IsClosed, IsWon: false, CloseDate: "2026-06-30" }).info
    assert.strictEqual(deal(false).expectedCloseDate, "2026-06-30T00:00:00.000Z")
    assert.isNull(deal(false).closedAt)
    assert.strictEqual(deal(true).closedAt, "2026-06-30T00:00:00.000Z")
  })
})

describe("leads, tasks and events", () => {
  it("map the words of a new org, and keep the others", () => {
    const lead = (Status: string, IsConverted = false) =>
      decoded("crm_leads", { type: "Lead", Id: "00Q", Status, Rating: "Hot", IsConverted })
    assert.strictEqual(lead("Open - Not Contacted").info.status, "OPEN")
    assert.strictEqual(lead("Whatever", true).info.status, "CONVERTED")
    assert.strictEqual(lead("Whatever").info.status, "NOT_SPECIFIED")
    assert.strictEqual(lead("Whatever").rawValues.status, "Whatever")
    const task = decoded("crm_tasks", {
      type: "Task",
      Id: "00T",
      Status: "Not Started",
      Priority: "Normal",
      WhoId: "00Q1",
      WhatId: "0061"
    })
    assert.deepInclude(task.info, {
      status: "OPEN",
      priority: "MEDIUM",
      leadId: "00Q1",
      dealId: "0061"
    })
    assert.deepStrictEqual<unknown>([task.info.accountId, task.info.contactId], [null, null])
    const event = decoded("crm_engagements", { type: "Event", Id: "00U", Type: "Fitting", WhoId: "0031" })
    assert.deepInclude(event.info, { type: "NOT_SPECIFIED" })
    assert.deepStrictEqual(event.info.contactIds, ["0031"])
  })
})

describe("values", () => {
  it("are the same whichever API they came by", () => {
    assert.strictEqual(
      valueOf("datetime", "2026-05-01T07:25:37.000+0000"),
      valueOf("datetime", "2026-05-01T07:25:37.000Z")
    )
    assert.strictEqual(valueOf("number", 1200000), valueOf("number", "1200000.0"))
    assert.strictEqual(valueOf("boolean", true), valueOf("boolean", "true"))
    assert.strictEqual(valueOf("text", null), valueOf("text", ""))
    assert.deepStrictEqual(valueOf("list", "Wool;Linen"), ["Wool", "Linen"])
    assert.isNull(valueOf("number", "n/a"))
    assert.isNull(valueOf("text", { compound: true }))
    // Ids are texts even where they look like numbers.
    assert.strictEqual(valueOf("text", 42), "42")
  })

  it("of CSV may hold quotes, commas and line breaks", () => {
    const text = '"Id","Name","Note"\n"1","de ""Wever"", the second","two\nlines"\n"2","",""\n'
    assert.deepStrictEqual(parse(text), [
      ["Id", "Name", "Note"],
      ["1", 'de "Wever", the second', "two\nlines"],
      ["2", "", ""]
    ])
    assert.deepStrictEqual(parse('"Id","a"\r\n"1","x"\r\n'), [
      ["Id", "a"],
      ["1", "x"]
    ])
    assert.deepStrictEqual(parse("Id,a\n1,\n"), [
      ["Id", "a"],
      ["1", ""]
    ])
    for (const cut of ['"Id","Na', '"Id"\n"1""', '"Id"x"1"']) assert.isUndefined(parse(cut), cut)
    assert.deepStrictEqual(parse(""), [])
  })
})

describe("a row without an id", () => {
  it("has none", () => {
    for (const dataType of ["crm_contacts", "crm_records"]) {
      assert.strictEqual(resourceOf(dataType).recordId({ type: "Contact", Id: null }), "")
    }
  })
})
