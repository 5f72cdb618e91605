import { assert, describe, it } from "vitest"
import { decoded, resource } from "./Account.ts"

const meta = { CreateTime: "2026-03-31T16:48:43-07:00", LastUpdatedTime: "2026-12-05T03:13:07.250-08:00" }
const usd = { value: "USD", name: "United States Dollar" }
const record = (dataType: string, entity: string, wire: { readonly [field: string]: unknown }) =>
  decoded(dataType, { entity, wire: { Id: "7", MetaData: meta, CurrencyRef: usd, ...wire } })
const of = (value: unknown) => value as { readonly [field: string]: unknown }
const list = (value: unknown) => value as ReadonlyArray<{ readonly [field: string]: unknown }>

const invoice = (wire: { readonly [field: string]: unknown }) => record("accounting_invoices", "Invoice", wire)

describe("an invoice", () => {
  const full = invoice({
    DocNumber: "1037",
    TxnDate: "2026-04-08",
    DueDate: "2026-05-08",
    TotalAmt: 362.07,
    Balance: 100.1,
    CustomerRef: { value: "24", name: "Somebody" },
    CustomerMemo: { value: "Thank you" },
    SalesTermRef: { value: "3" },
    GlobalTaxCalculation: "TaxExcluded",
    DepartmentRef: { value: "2" },
    TxnTaxDetail: { TotalTax: 26.82 },
    BillAddr: { Id: "95", Line1: "Ada", Line2: "1 Loom Street", Line3: "Middlefield, CA", Lat: "INVALID" },
    CustomField: [
      { DefinitionId: "1", Name: "Crew #", Type: "StringType", StringValue: "102" },
      { DefinitionId: "2", Type: "StringType" }
    ],
    LinkedTxn: [
      { TxnId: "100", TxnType: "Estimate" },
      { TxnId: "101", TxnType: "Payment" },
      { TxnId: "102", TxnType: "CreditMemo" }
    ],
    Line: [
      {
        Id: "1",
        LineNum: 1,
        Description: "Yarn",
        Amount: 275,
        DetailType: "SalesItemLineDetail",
        SalesItemLineDetail: {
          ItemRef: { value: "5", name: "Merino" },
          ItemAccountRef: { value: "79" },
          UnitPrice: 27.5,
          Qty: 10,
          ClassRef: { value: "4" }
        }
      },
      { Amount: 20, DetailType: "DiscountLineDetail", DiscountLineDetail: { DiscountPercent: 10 } },
      { Id: "3", Description: "A note", DetailType: "DescriptionOnly", DescriptionLineDetail: {} },
      {
        Id: "4",
        Amount: 12,
        DetailType: "GroupLineDetail",
        GroupLineDetail: {
          GroupItemRef: { value: "9", name: "Box" },
          Line: [{ Id: "5", Amount: 12, DetailType: "SalesItemLineDetail", SalesItemLineDetail: {} }]
        }
      },
      { Id: "6", Amount: 1, DetailType: "BrandNewLineDetail" },
      { Amount: 335.25, DetailType: "SubTotalLineDetail", SubTotalLineDetail: {} }
    ]
  })

  it("has its figures as the app writes them, and its days and stamps in UTC", () => {
    const info = of(full.info)
    assert.strictEqual(info.id, "invoice-7")
    assert.strictEqual(info.type, "INVOICE")
    assert.strictEqual(info.status, "PARTIALLY_PAID")
    assert.deepStrictEqual(
      [info.totalAmount, info.remainingAmount, info.totalTax, info.subTotal, info.totalDiscount],
      [362.07, 100.1, 26.82, 335.25, 20]
    )
    assert.strictEqual(info.issueDate, "2026-04-08T00:00:00.000Z")
    assert.strictEqual(info.createdAt, "2026-03-31T23:48:43.000Z")
    assert.strictEqual(info.updatedAt, "2026-12-05T11:13:07.250Z")
    assert.strictEqual(info.contactId, "customer-24")
    assert.strictEqual(info.taxInclusive, "FALSE")
    assert.strictEqual(info.description, "Thank you")
    assert.deepStrictEqual(info.trackingCategoryIds, ["department-2"])
    assert.isNull(info.paidOnDate)
  })

  it("has its lines without the subtotal, a bundle followed by its parts, and what is unknown as such", () => {
    const lines = list(full.lineItems)
    assert.deepStrictEqual(
      lines.map(({ lineItemId, type }) => [lineItemId, type]),
      [
        ["1", "ITEM"],
        [null, "DISCOUNT"],
        ["3", "TEXT"],
        ["4", "ITEM"],
        ["5", "ITEM"],
        ["6", "NOT_SPECIFIED"]
      ]
    )
    const [first, discount] = lines
    assert.deepStrictEqual(
      [first?.itemId, first?.itemName, first?.quantity, first?.unitRate, first?.accountId, first?.trackingCategoryIds],
      ["5", "Merino", 10, 27.5, "79", ["class-4"]]
    )
    assert.strictEqual(discount?.discountRate, 10)
  })

  it("has address, links and custom fields", () => {
    const [address] = list(full.addresses)
    assert.strictEqual(address?.addressType, "BILLING")
    assert.strictEqual(address?.addressLine2, "1 Loom Street, Middlefield, CA")
    assert.isNull(address?.city)
    const [payment, ...others] = list(full.payments)
    assert.deepStrictEqual(others, [])
    assert.deepStrictEqual(
      [payment?.id, payment?.invoiceId, payment?.paymentLinkedTo, payment?.amount],
      ["payment-101", "invoice-7", "INVOICE", null]
    )
    assert.deepStrictEqual(full.customFields, { "Crew #": "102", field_2: null })
  })

  it("has a status by its balance, and is void by its note", () => {
    const status = (wire: object) => of(invoice({ ...wire }).info).status
    assert.strictEqual(status({ TotalAmt: 10, Balance: 10 }), "OPEN")
    assert.strictEqual(status({ TotalAmt: 10, Balance: 0 }), "PAID")
    assert.strictEqual(status({ TotalAmt: 0, Balance: 0, PrivateNote: "Voided - wrong" }), "VOID")
    assert.strictEqual(status({ TotalAmt: 10, Balance: 10, PrivateNote: "Voided" }), "OPEN")
    assert.strictEqual(status({ TotalAmt: 10 }), "NOT_SPECIFIED")
  })

  it("never shows a figure that it cannot read", () => {
    const info = of(invoice({ TotalAmt: "12,5", Balance: null, TxnDate: "0000-00-00", DueDate: "soon" }).info)
    assert.deepStrictEqual(
      [info.totalAmount, info.remainingAmount, info.issueDate, info.dueDate],
      [null, null, null, null]
    )
    assert.strictEqual(of(invoice({ TotalAmt: 0.1 }).info).totalAmount, 0.1)
    assert.strictEqual(of(invoice({ TotalAmt: "19.90" }).info).totalAmount, 19.9)
    assert.strictEqual(of(invoice({ TotalAmt: -1602.67 }).info).totalAmount, -1602.67)
  })

  it("without an id is refused by the mapper, and has no record id", () => {
    assert.throws(() => resource("accounting_invoices").toRecord({ entity: "Invoice", wire: { Id: null } }), /no Id/)
    assert.strictEqual(resource("accounting_invoices").recordId({ entity: "Bill", wire: {} }), "")
    assert.strictEqual(resource("accounting_invoices").recordId({ entity: "Bill", wire: { Id: 12 } }), "bill-12")
  })
})

describe("other records", () => {
  it("a vendor is a contact with its own prefix, inactive when it is", () => {
    const vendor = record("accounting_contacts", "Vendor", {
      DisplayName: "Loom Ltd",
      Active: false,
      AcctNum: "1345",
      TaxIdentifier: "12-3456789",
      PrimaryPhone: { FreeFormNumber: "1" },
      Fax: { FreeFormNumber: "2" },
      PrimaryEmailAddr: { Address: "a@example.com, b@example.com" },
      WebAddr: { URI: "https://example.com" },
      TermRef: { value: "3" },
      Balance: 241.23
    })
    const info = of(vendor.info)
    assert.deepStrictEqual(
      [info.id, info.type, info.status, info.isVendor, info.isCustomer, info.balance, info.paymentTermId],
      ["vendor-7", "VENDOR", "INACTIVE", "TRUE", "NOT_SPECIFIED", 241.23, "3"]
    )
    assert.isFalse(resource("accounting_contacts").dataType.isActive(vendor))
    assert.deepStrictEqual(
      list(vendor.phones).map(({ type }) => type),
      ["NOT_SPECIFIED", "FAX"]
    )
    assert.deepStrictEqual(
      list(vendor.emails).map(({ email, isPrimary }) => [email, isPrimary]),
      [
        ["a@example.com", "TRUE"],
        ["b@example.com", "NOT_SPECIFIED"]
      ]
    )
  })

  it("an account has its side, its kind, and the app's words for what is not known", () => {
    const bank = record("accounting_accounts", "Account", {
      Name: "Checking",
      Classification: "Asset",
      AccountType: "Bank",
      AccountSubType: "Checking",
      Active: true,
      CurrentBalance: -1602.67
    })
    assert.deepStrictEqual(
      [
        of(bank.info).id,
        of(bank.info).category,
        of(bank.info).type,
        of(bank.info).subType,
        of(bank.info).currentBalance
      ],
      ["7", "BANK_ACCOUNT", "ASSET", "BANK", -1602.67]
    )
    const strange = record("accounting_accounts", "Account", { Classification: "Crypto", AccountType: "Wallet" })
    assert.deepStrictEqual(
      [of(strange.info).type, of(strange.info).subType, of(strange.info).status],
      ["NOT_SPECIFIED", "NOT_SPECIFIED", "NOT_SPECIFIED"]
    )
    assert.deepStrictEqual(strange.rawValues, { type: "Crypto", subType: "Wallet", status: null })
    const types: ReadonlyArray<readonly [string, string, string]> = [
      ["Other Current Asset", "Inventory", "INVENTORY"],
      ["Other Current Liability", "SalesTaxPayable", "CURRENT_LIABILITY"],
      ["Equity", "RetainedEarnings", "RETAINED_EARNINGS"],
      ["Income", "ServiceFeeIncome", "REVENUE"],
      ["Cost of Goods Sold", "SuppliesMaterialsCogs", "COST_OF_SALES"],
      ["Accounts Receivable", "AccountsReceivable", "ACCOUNTS_RECEIVABLE"]
    ]
    for (const [AccountType, AccountSubType, subType] of types) {
      assert.strictEqual(
        of(record("accounting_accounts", "Account", { AccountType, AccountSubType }).info).subType,
        subType
      )
    }
  })

  it("a payment received debits the bank, one sent credits it", () => {
    const received = record("accounting_payments", "Payment", {
      CustomerRef: { value: "2" },
      DepositToAccountRef: { value: "35" },
      TotalAmt: 387,
      TxnDate: "2026-05-05",
      Line: [{ Amount: 387, LinkedTxn: [{ TxnId: "96", TxnType: "Invoice" }] }]
    })
    const info = of(received.info)
    assert.deepStrictEqual(
      [info.id, info.direction, info.status, info.debitedAccountId, info.creditedAccountId, info.accountId],
      ["payment-7", "RECEIVED", "NOT_SPECIFIED", "35", null, "35"]
    )
    assert.deepStrictEqual(list(received.lineItems)[0]?.appliedTo, [
      { type: "INVOICE", id: "invoice-96", amount: 387, date: null }
    ])
    const sent = record("accounting_payments", "BillPayment", {
      VendorRef: { value: "46" },
      PayType: "Check",
      CheckPayment: { BankAccountRef: { value: "1" } },
      APAccountRef: { value: "33" },
      TotalAmt: 205,
      Line: [{ Amount: 205, LinkedTxn: [{ TxnId: "126", TxnType: "Bill" }] }]
    })
    assert.deepStrictEqual(
      [of(sent.info).id, of(sent.info).direction, of(sent.info).paymentMode, of(sent.info).creditedAccountId],
      ["billpayment-7", "SENT", "CHEQUE", "1"]
    )
  })

  it("a journal entry has its sides, and keeps a word for one that is none", () => {
    const line = (PostingType: string) => ({
      Id: PostingType,
      Amount: 25_000,
      DetailType: "JournalEntryLineDetail",
      JournalEntryLineDetail: {
        PostingType,
        AccountRef: { value: "44" },
        Entity: { Type: "Vendor", EntityRef: { value: "3" } }
      }
    })
    const { lines } = record("accounting_journal_entries", "JournalEntry", {
      Line: ["Debit", "Credit", "Sideways"].map(line)
    })
    assert.deepStrictEqual(
      list(lines).map(({ contactId, side, sideRaw }) => [side, sideRaw, contactId]),
      [
        ["DEBIT", "Debit", "vendor-3"],
        ["CREDIT", "Credit", "vendor-3"],
        ["NOT_SPECIFIED", "Sideways", "vendor-3"]
      ]
    )
  })

  it("an item, a credit, an expense and an order are what they are", () => {
    const item = record("accounting_items", "Item", { Name: "Box", Type: "Group", UnitPrice: 49.9, Active: true })
    assert.deepStrictEqual([of(item.info).type, of(item.info).unitPrice], ["BUNDLE", 49.9])
    const credit = record("accounting_credit_notes", "CreditMemo", { TotalAmt: 100, RemainingCredit: 40 })
    assert.deepStrictEqual([of(credit.info).status, of(credit.info).remainingCredit], ["PARTIALLY_APPLIED", 40])
    const expense = record("accounting_expenses", "Purchase", {
      PaymentType: "CreditCard",
      Credit: true,
      EntityRef: { value: "3", type: "Vendor" }
    })
    assert.deepStrictEqual(
      [of(expense.info).type, of(expense.info).paymentModeDetail, of(expense.info).contactId],
      ["REFUND", "CARD", "vendor-3"]
    )
    const order = record("accounting_purchase_orders", "PurchaseOrder", {
      POStatus: "Closed",
      VendorRef: { value: "3" }
    })
    assert.deepStrictEqual([of(order.info).status, of(order.info).vendorId], ["CLOSED", "vendor-3"])
  })
})
