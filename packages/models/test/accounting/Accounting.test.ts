import { assert, describe, it } from "@effect/vitest"
import { type DataType, Sensitivity } from "@crochet/core"
import * as Models from "@crochet/models"
import { Accounting } from "@crochet/models"
import { Effect, Schema, SchemaAST } from "effect"
import { untagged } from "../Untagged.ts"

const dataTypes: ReadonlyArray<DataType.DataType> = [
  Models.AccountingAccount,
  Models.AccountingCompany,
  Models.AccountingContact,
  Models.AccountingCreditNote,
  Models.AccountingEmployee,
  Models.AccountingExpense,
  Models.AccountingInvoice,
  Models.AccountingItem,
  Models.AccountingJournalEntry,
  Models.AccountingPayment,
  Models.AccountingPaymentMethod,
  Models.AccountingPaymentTerm,
  Models.AccountingPeriod,
  Models.AccountingProject,
  Models.AccountingPurchaseOrder,
  Models.AccountingTaxRate,
  Models.AccountingTrackingCategory
]
const models = dataTypes.flatMap((dataType) =>
  Object.entries(dataType.models).map(([key, model]) => [`${dataType.id}.${key}`, model] as const)
)

const enums = (ast: SchemaAST.AST, path: string): ReadonlyArray<readonly [string, ReadonlyArray<string>]> => {
  switch (ast._tag) {
    case "Objects":
      return ast.propertySignatures.flatMap(({ name, type }) => enums(type, `${path}.${String(name)}`))
    case "Arrays":
      return ast.rest.flatMap((item) => enums(item, `${path}[]`))
    case "Union": {
      const literals = ast.types.flatMap((member) => (member._tag === "Literal" ? [String(member.literal)] : []))
      return literals.length > 0 ? [[path, literals]] : ast.types.flatMap((member) => enums(member, path))
    }
    default:
      return []
  }
}
const allEnums = models.flatMap(([path, model]) => enums(SchemaAST.toType(model.schema.ast), path))

/** A value in every field of a schema, made from its type side; enums take their first member. */
const full = (ast: SchemaAST.AST): unknown => {
  switch (ast._tag) {
    case "Objects":
      if (ast.indexSignatures.length > 0) return { Crew: "blue", Region: 7 }
      return Object.fromEntries(ast.propertySignatures.map(({ name, type }) => [String(name), full(type)]))
    case "Arrays":
      return [full(ast.rest[0]!)]
    case "Union": {
      const member = ast.types.find((one) => one._tag !== "Null")!
      return full(member)
    }
    case "Literal":
      return ast.literal
    case "Number":
      return 1234.5
    case "String":
      return ast.checks === undefined ? "text" : "2026-05-01T07:25:37.000Z"
    default:
      return { Crew: "blue", Region: 7 }
  }
}

describe("accounting data types", () => {
  it("all have an id of their own, are of the category, and no model id is used twice", () => {
    assert.strictEqual(new Set(dataTypes.map(({ id }) => id)).size, dataTypes.length)
    for (const { category, id } of dataTypes) {
      assert.strictEqual(category, "ACCOUNTING", id)
      assert.match(id, /^accounting_[a-z_]+$/)
    }
    const ids = models.map(([, model]) => model.id)
    assert.strictEqual(new Set(ids).size, ids.length)
  })

  it("keep Knit's model ids under Knit's keys", () => {
    const knit: ReadonlyArray<readonly [DataType.DataType, string, string]> = [
      [Models.AccountingAccount, "info", "accounting_accounts_info"],
      [Models.AccountingContact, "info", "accounting_contact_info"],
      [Models.AccountingContact, "addresses", "accounting_contact_addresses"],
      [Models.AccountingContact, "phones", "accounting_contact_phones"],
      [Models.AccountingContact, "emails", "accounting_contact_emails"],
      [Models.AccountingContact, "users", "accounting_contact_users"],
      [Models.AccountingInvoice, "info", "accounting_invoice_info"],
      [Models.AccountingInvoice, "lineItems", "accounting_invoice_lineItems"],
      [Models.AccountingInvoice, "addresses", "accounting_invoice_addresses"],
      [Models.AccountingInvoice, "payments", "accounting_invoice_payments"],
      [Models.AccountingPayment, "info", "accounting_payment_info"],
      [Models.AccountingPayment, "lineItems", "accounting_payment_lineItems"],
      [Models.AccountingCompany, "info", "accounting_companies_info"],
      [Models.AccountingEmployee, "info", "accounting_employee_info"]
    ]
    for (const [dataType, key, id] of knit) assert.strictEqual(dataType.models[key]?.id, id)
  })

  it("keep Knit's fields first, in Knit's order", () => {
    const fields = (schema: { readonly fields: object }) => Object.keys(schema.fields).join(" ")
    const begins = (schema: { readonly fields: object }, words: string) =>
      assert.isTrue(`${fields(schema)} `.startsWith(`${words} `), `${fields(schema)} does not begin with ${words}`)
    begins(
      Accounting.AccountInfo,
      "id name category type description accountNumber status currentBalance companyId linkedCompanyIds currency parentAccountId createdAt updatedAt"
    )
    begins(
      Accounting.ContactInfo,
      "id name type status accountNumber company currency taxNumber urls createdAt updatedAt"
    )
    begins(
      Accounting.InvoiceInfo,
      "id invoiceNumber type issueDate dueDate paidOnDate totalAmount remainingAmount totalDiscount totalTax contactId companyId linkedCompanyIds description currency exchangeRate status createdAt updatedAt"
    )
    begins(
      Accounting.LineItem,
      "lineItemId itemId itemCode itemName quantity unitRate discountRate accountId amount description"
    )
    begins(Accounting.InvoicePayment, "id date amount mode referenceNumber invoiceId paymentLinkedTo")
    begins(
      Accounting.PaymentInfo,
      "id dateTime status paymentMode referenceNumber creditedAccountId debitedAccountId contactId companyId amount exchangeRate currency description"
    )
    begins(
      Accounting.CompanyInfo,
      "id name legalName taxNumber fiscalYearStartMonth fiscalYearStartDay createdAt isActive currency urls addresses phones contact"
    )
    begins(Accounting.EmployeeInfo, "id firstName lastName linkedCompanyIds emails phones status gender employmentType")
  })

  it("are gone once inactive, and never because nothing is known", () => {
    const with_ = (field: string, value: string) => ({ info: { [field]: value } })
    for (const dataType of [
      Models.AccountingAccount,
      Models.AccountingContact,
      Models.AccountingEmployee,
      Models.AccountingItem,
      Models.AccountingTaxRate,
      Models.AccountingTrackingCategory
    ]) {
      assert.isFalse(dataType.isActive(with_("status", "INACTIVE")), dataType.id)
      assert.isTrue(dataType.isActive(with_("status", "NOT_SPECIFIED")), dataType.id)
      assert.isTrue(dataType.isActive({ info: null }), dataType.id)
    }
    assert.isFalse(Models.AccountingCompany.isActive(with_("isActive", "FALSE")))
    assert.isTrue(Models.AccountingInvoice.isActive(with_("status", "VOID")))
    assert.deepStrictEqual(Models.AccountingContact.identifiers("vendor-3", {}), { contactId: "vendor-3" })
  })
})

describe("enums", () => {
  it("all have NOT_SPECIFIED, once, at the end", () => {
    assert.isAbove(allEnums.length, 40)
    for (const [path, members] of allEnums) {
      assert.strictEqual(members.indexOf("NOT_SPECIFIED"), members.length - 1, path)
      assert.strictEqual(new Set(members).size, members.length, path)
    }
  })

  it("that Knit published have Knit's members and no others", () => {
    const published: { readonly [path: string]: string } = {
      "accounting_accounts.info.category": "BANK_ACCOUNT LEDGER_ACCOUNT",
      "accounting_accounts.info.type": "ASSET EQUITY EXPENSE LIABILITY REVENUE",
      "accounting_accounts.info.status": "ACTIVE INACTIVE PENDING",
      "accounting_contacts.info.type": "CUSTOMER VENDOR",
      "accounting_invoices.info.type": "BILL INVOICE",
      "accounting_invoices.info.status":
        "PAID DUE VOID OVERDUE DRAFT SENT OPEN CANCELLED PARTIALLY_PAID SUBMITTED VALIDATED APPROVED ACCOUNTED",
      "accounting_invoices.payments[].mode": "CASH CHEQUE ELECTRONIC_TRANSFER",
      "accounting_invoices.payments[].paymentLinkedTo": "BILL INVOICE",
      "accounting_payments.info.status": "SUCCESS FAILURE PENDING"
    }
    for (const [path, members] of Object.entries(published)) {
      const found = allEnums.find(([other]) => other === path)
      assert.deepStrictEqual(found?.[1], [...members.split(" "), "NOT_SPECIFIED"], path)
    }
  })
})

describe.each(models)("%s", (path, model) => {
  const decode = Schema.decodeUnknownEffect(model.schema)
  const type = SchemaAST.toType(model.schema.ast)

  it.effect("a full record decodes to itself and prints as it parses", () =>
    Effect.gen(function* () {
      const given = full(type)
      const body = JSON.stringify(yield* decode(given))
      assert.strictEqual(body, JSON.stringify(given))
      assert.strictEqual(JSON.stringify(JSON.parse(body)), body)
    })
  )

  it.effect("what the mapper leaves out is null or NOT_SPECIFIED, every key present", () =>
    Effect.gen(function* () {
      const list = type._tag === "Arrays"
      const decoded: unknown = yield* decode(list ? [{}] : {})
      if (path.endsWith(".customFields")) return assert.deepStrictEqual(decoded, {})
      const row: object = Array.isArray(decoded) ? decoded[0] : (decoded as object)
      const given = full(type)
      assert.deepStrictEqual(Object.keys(row), Object.keys((Array.isArray(given) ? given[0] : given) as object))
      for (const [field, value] of Object.entries(row)) {
        assert.isTrue(value === null || value === "NOT_SPECIFIED", `${field} is ${JSON.stringify(value)}`)
      }
    })
  )

  it("every value has a sensitivity tag", () => {
    assert.deepStrictEqual(untagged(type, path), [])
  })
})

describe("sensitivity", () => {
  it("marks what must be marked", () => {
    const of = (model: DataType.Model, path: string) =>
      Sensitivity.paths(model.schema).find((field) => field.path === path)?.sensitivity
    assert.strictEqual(of(Models.AccountingContact.models.info, "taxNumber"), "government_id")
    assert.strictEqual(of(Models.AccountingContact.models.info, "name"), "personal")
    assert.strictEqual(of(Models.AccountingContact.models.phones, "[].phoneNumber"), "personal")
    assert.strictEqual(of(Models.AccountingInvoice.models.info, "totalAmount"), "financial")
    assert.strictEqual(of(Models.AccountingInvoice.models.lineItems, "[].amount"), "financial")
    assert.strictEqual(of(Models.AccountingEmployee.models.info, "gender"), "special")
    assert.strictEqual(of(Models.AccountingAccount.models.info, "currentBalance"), "financial")
    assert.strictEqual(of(Models.AccountingAccount.models.info, "status"), "none")
  })
})
