import type { Books, Fields, Row } from "./Books.ts"
import { entities } from "./Entities.ts"
import { day } from "./Stamp.ts"

/** How many rows of what there are. */
export interface Size {
  readonly customers: number
  readonly vendors: number
  readonly invoices: number
  readonly bills: number
  /** So many rows of each kind, at least. Default 0. */
  readonly atLeast: number
}

const usd = { CurrencyRef: { value: "USD", name: "United States Dollar" } }
const dayMillis = 86_400_000

const accounts: ReadonlyArray<readonly [name: string, classification: string, type: string, subType: string]> = [
  ["Checking", "Asset", "Bank", "Checking"],
  ["Accounts Receivable (A/R)", "Asset", "Accounts Receivable", "AccountsReceivable"],
  ["Accounts Payable (A/P)", "Liability", "Accounts Payable", "AccountsPayable"],
  ["Sales of Yarn", "Revenue", "Income", "SalesOfProductIncome"],
  ["Lessons", "Revenue", "Income", "ServiceFeeIncome"],
  ["Inventory Asset", "Asset", "Other Current Asset", "Inventory"],
  ["Cost of Goods Sold", "Expense", "Cost of Goods Sold", "SuppliesMaterialsCogs"],
  ["Rent", "Expense", "Expense", "RentOrLeaseOfBuildings"],
  ["Mastercard", "Liability", "Credit Card", "CreditCard"],
  ["Loom", "Asset", "Fixed Asset", "MachineryAndEquipment"],
  ["Bank loan", "Liability", "Long Term Liability", "NotesPayable"],
  ["Retained Earnings", "Equity", "Equity", "RetainedEarnings"]
]
const items: ReadonlyArray<readonly [name: string, type: string, price: number]> = [
  ["Merino yarn", "Inventory", 12.5],
  ["Crochet hook", "NonInventory", 4.75],
  ["Weaving lesson", "Service", 60],
  ["Beginner's box", "Group", 49.9]
]
const firstNames = ["Ada", "Bruno", "Chiara", "Dmitri", "Esi", "Farah", "Goran", "Hana", "Imre", "June"] as const
const lastNames = ["Weaver", "Okafor", "Lindgren", "Marsh", "Delgado", "Chu", "Novak", "Pruitt"] as const
const trades = ["Textiles", "Boutique", "Design", "Supplies", "Interiors", "Trading"] as const
const streets = ["Loom Street", "Canyon Rd", "Juniper Ave", "Harbour Way"] as const

/** Cents as the app writes money: a JSON number with as few digits as it needs. */
const money = (cents: number) => cents / 100

/** The given fields of a new row, with made-up values for what is left out. */
export const completed = (books: Books, entity: "Customer" | "Vendor" | "Invoice" | "Bill", fields: Fields): Fields => {
  const { random } = books
  if (entity === "Customer" || entity === "Vendor") {
    const given = random.pick(firstNames)
    const family = random.pick(lastNames)
    const company = `${family} ${random.pick(trades)}`
    const address = {
      Id: random.digits(3),
      Line1: `${random.integer(1, 999)} ${random.pick(streets)}`,
      City: "Middlefield",
      CountrySubDivisionCode: "CA",
      PostalCode: `94${random.digits(3)}`,
      Lat: "INVALID",
      Long: "INVALID"
    }
    return {
      GivenName: given,
      FamilyName: family,
      CompanyName: company,
      DisplayName: `${company} ${random.digits(4)}`,
      PrimaryPhone: { FreeFormNumber: `(650) 555-${random.digits(4)}` },
      PrimaryEmailAddr: { Address: `${given}.${family}@example.com`.toLowerCase() },
      BillAddr: address,
      Balance: 0,
      ...usd,
      ...(entity === "Customer"
        ? { Taxable: random.chance(0.5), Job: false, IsProject: false, ShipAddr: address }
        : { Vendor1099: random.chance(0.3), AcctNum: random.digits(7) }),
      ...fields
    }
  }
  const cents = random.integer(1000, 500_000)
  const date = books.now() - random.integer(0, 300) * dayMillis
  const line =
    entity === "Invoice"
      ? {
          DetailType: "SalesItemLineDetail",
          SalesItemLineDetail: {
            ItemRef: { value: "1", name: "Merino yarn" },
            UnitPrice: money(cents),
            Qty: 1,
            TaxCodeRef: { value: "NON" }
          }
        }
      : {
          DetailType: "AccountBasedExpenseLineDetail",
          AccountBasedExpenseLineDetail: {
            AccountRef: { value: "8", name: "Rent" },
            BillableStatus: "NotBillable",
            TaxCodeRef: { value: "NON" }
          }
        }
  return {
    DocNumber: String(1000 + random.integer(0, 8999)),
    TxnDate: day(date),
    DueDate: day(date + 30 * dayMillis),
    ...usd,
    LinkedTxn: [],
    Line: [
      { Id: "1", LineNum: 1, Description: "As agreed", Amount: money(cents), ...line },
      ...(entity === "Invoice"
        ? [{ Amount: money(cents), DetailType: "SubTotalLineDetail", SubTotalLineDetail: {} }]
        : [])
    ],
    TotalAmt: money(cents),
    Balance: money(cents),
    ...(entity === "Invoice"
      ? {
          CustomerRef: { value: "1" },
          TxnTaxDetail: { TotalTax: 0 },
          BillAddr: { Id: "95", Line1: "At the mill", Line2: "1 Loom Street", Line3: "Middlefield, CA  94303" },
          CustomField: [{ DefinitionId: "1", Name: "Crew #", Type: "StringType", StringValue: random.digits(3) }],
          EmailStatus: "NotSet",
          PrintStatus: "NeedToPrint"
        }
      : { VendorRef: { value: "1" }, APAccountRef: { value: "3" } }),
    ...fields
  }
}

const reference = (row: Row | undefined) => (row === undefined ? undefined : { value: String(row.id) })

/** Fills empty books: everything was made before `until`, one minute after the other. */
export const populate = (books: Books, size: Size, until: number): void => {
  const { random } = books
  const total = 60 + size.customers + size.vendors + 2 * (size.invoices + size.bills)
  let at = until - total * 60_000
  const add = (entity: Parameters<Books["add"]>[0], fields: Fields) => books.add(entity, fields, (at += 60_000))

  for (const [Name, Classification, AccountType, AccountSubType] of accounts) {
    const CurrentBalance = money(random.integer(-100_000, 900_000))
    const SubAccount = false
    add("Account", {
      Name,
      FullyQualifiedName: Name,
      SubAccount,
      Classification,
      AccountType,
      AccountSubType,
      CurrentBalance,
      CurrentBalanceWithSubAccounts: CurrentBalance,
      ...usd
    })
  }
  for (const [Name, Type, UnitPrice] of items) {
    add("Item", { Name, FullyQualifiedName: Name, Type, UnitPrice, Taxable: true, IncomeAccountRef: { value: "4" } })
  }
  add("TaxRate", { Name: "California", Description: "Sales tax", RateValue: 8, SpecialTaxType: "NONE" })
  for (const Name of ["Wool", "Cotton"]) add("Class", { Name, FullyQualifiedName: Name, SubClass: false })
  add("Department", { Name: "Shop", FullyQualifiedName: "Shop", SubDepartment: false })
  add("Term", { Name: "Net 30", Type: "STANDARD", DueDays: 30, DiscountPercent: 0, DiscountDays: 0 })
  for (const Name of ["Cash", "Check", "Visa"])
    add("PaymentMethod", { Name, Type: Name === "Visa" ? "CREDIT_CARD" : "NON_CREDIT_CARD" })
  for (const GivenName of ["Lindy", "Omar"]) {
    add("Employee", { GivenName, FamilyName: "Miller", DisplayName: `${GivenName} Miller`, HiredDate: "2023-09-01" })
  }
  for (let index = 0; index < size.customers; index++) {
    const row = add("Customer", completed(books, "Customer", {}))
    row.active = !random.chance(0.1)
  }
  for (let index = 0; index < size.vendors; index++) {
    const row = add("Vendor", completed(books, "Vendor", {}))
    row.active = !random.chance(0.1)
  }
  const someone = (entity: "Customer" | "Vendor") => {
    const rows = [...books.rows(entity).values()]
    return reference(rows.length === 0 ? undefined : random.pick(rows))
  }
  for (let index = 0; index < size.invoices; index++) {
    const CustomerRef = someone("Customer")
    const invoice = add("Invoice", completed(books, "Invoice", { CustomerRef }))
    if (!random.chance(0.5)) continue
    const Amount = invoice.fields.TotalAmt
    const LinkedTxn = [{ TxnId: String(invoice.id), TxnType: "Invoice" }]
    const payment = add("Payment", {
      CustomerRef,
      TotalAmt: Amount,
      UnappliedAmt: 0,
      TxnDate: invoice.fields.DueDate,
      DepositToAccountRef: { value: "1" },
      PaymentMethodRef: { value: "2" },
      PaymentRefNum: random.digits(4),
      ...usd,
      Line: [{ Amount, LinkedTxn }]
    })
    invoice.fields = {
      ...invoice.fields,
      Balance: 0,
      LinkedTxn: [{ TxnId: String(payment.id), TxnType: "Payment" }]
    }
  }
  for (let index = 0; index < size.bills; index++) {
    const VendorRef = someone("Vendor")
    const bill = add("Bill", completed(books, "Bill", { VendorRef }))
    if (!random.chance(0.5)) continue
    const Amount = bill.fields.TotalAmt
    const payment = add("BillPayment", {
      VendorRef,
      PayType: "Check",
      CheckPayment: { BankAccountRef: { value: "1" }, PrintStatus: "NotSet" },
      TotalAmt: Amount,
      TxnDate: bill.fields.DueDate,
      ...usd,
      Line: [{ Amount, LinkedTxn: [{ TxnId: String(bill.id), TxnType: "Bill" }] }]
    })
    bill.fields = {
      ...bill.fields,
      Balance: 0,
      LinkedTxn: [{ TxnId: String(payment.id), TxnType: "BillPaymentCheck" }]
    }
  }
  addRest(books, add, someone)
  for (const entity of entities) {
    const [pattern] = books.rows(entity).values()
    for (let row = books.rows(entity).size; pattern !== undefined && row < size.atLeast; row++) {
      const named = "Name" in pattern.fields ? { Name: `${String(pattern.fields.Name)} ${row + 1}` } : {}
      add(entity, { ...pattern.fields, ...named })
    }
  }
}

/** One or two of each kind of transaction that the options do not count. */
const addRest = (
  books: Books,
  add: (entity: Parameters<Books["add"]>[0], fields: Fields) => Row,
  someone: (entity: "Customer" | "Vendor") => { readonly value: string } | undefined
): void => {
  const invoice = completed(books, "Invoice", {})
  const bill = completed(books, "Bill", {})
  const total = { TotalAmt: invoice.TotalAmt, TxnDate: invoice.TxnDate, ...usd }
  add("CreditMemo", {
    ...total,
    DocNumber: "1",
    Line: invoice.Line,
    CustomField: invoice.CustomField,
    CustomerRef: someone("Customer"),
    RemainingCredit: invoice.TotalAmt,
    Balance: invoice.TotalAmt
  })
  add("VendorCredit", {
    TxnDate: bill.TxnDate,
    TotalAmt: bill.TotalAmt,
    ...usd,
    Line: bill.Line,
    VendorRef: someone("Vendor"),
    Balance: 0
  })
  add("Purchase", {
    TxnDate: bill.TxnDate,
    TotalAmt: bill.TotalAmt,
    ...usd,
    Line: bill.Line,
    PaymentType: "CreditCard",
    AccountRef: { value: "9" },
    Credit: false
  })
  add("PurchaseOrder", {
    TxnDate: bill.TxnDate,
    TotalAmt: bill.TotalAmt,
    ...usd,
    Line: bill.Line,
    CustomField: invoice.CustomField,
    VendorRef: someone("Vendor"),
    POStatus: "Open"
  })
  const entry = (Id: string, PostingType: string, account: string) => ({
    Id,
    Description: "Opening Balance",
    Amount: 250.5,
    DetailType: "JournalEntryLineDetail",
    JournalEntryLineDetail: { PostingType, AccountRef: { value: account } }
  })
  add("JournalEntry", {
    TxnDate: "2026-01-01",
    Adjustment: false,
    TotalAmt: 0,
    ...usd,
    Line: [entry("0", "Debit", "1"), entry("1", "Credit", "12")]
  })
}
