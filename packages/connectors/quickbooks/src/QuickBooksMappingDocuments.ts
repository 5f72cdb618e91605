import type { DataType } from "@crochet/core"
import type {
  Accounting,
  AccountingCreditNote,
  AccountingExpense,
  AccountingInvoice,
  AccountingPurchaseOrder
} from "@crochet/models"
import { Dates } from "@crochet/models"
import { ownId, prefixed, trackingIds } from "./QuickBooksEntities.ts"
import { lineItems, linked, totals } from "./QuickBooksMappingLines.ts"
import { address, addresses, customFields } from "./QuickBooksMappingParts.ts"
import * as Words from "./QuickBooksWords.ts"
import { currency, decimal, object, ref, type Row, stamps, text, type WireRow } from "./QuickBooksWire.ts"

const date = (value: unknown) => Dates.fromCalendar(text(value))

/** Voiding sets all amounts to zero and leaves a note; nothing else tells of it. */
export const isVoid = (wire: WireRow): boolean =>
  decimal(wire.TotalAmt) === 0 && /^voided\b/i.test(text(wire.PrivateNote) ?? "")

/** The customer or vendor of a document. */
export const contactOf = (wire: WireRow): string | null => {
  const customer = ref(wire, "CustomerRef")
  const vendor = ref(wire, "VendorRef")
  if (customer !== undefined) return prefixed("Customer", customer)
  return vendor === undefined ? null : prefixed("Vendor", vendor)
}

/** What every document has under the same name. */
const shared = (wire: WireRow) => ({
  currency: currency(wire),
  exchangeRate: decimal(wire.ExchangeRate),
  totalAmount: decimal(wire.TotalAmt),
  ...stamps(wire)
})

/** By the balance alone: whether a document is overdue depends on the day, and a mapper knows none. */
const invoiceStatus = (wire: WireRow): (typeof Accounting.InvoiceInfo)["Encoded"]["status"] => {
  const balance = decimal(wire.Balance)
  const total = decimal(wire.TotalAmt)
  if (isVoid(wire)) return "VOID"
  if (balance === null || total === null) return "NOT_SPECIFIED"
  return balance === 0 ? "PAID" : balance < total ? "PARTIALLY_PAID" : "OPEN"
}

/** An `Invoice` or `Bill`. */
export const invoice = (row: Row): DataType.Input<typeof AccountingInvoice> => {
  const { entity, wire } = row
  const id = ownId(row)
  if (id === null) throw new TypeError(`a row of ${entity} has no Id`)
  const type = entity === "Bill" ? "BILL" : "INVOICE"
  const links = linked(wire)
  return {
    info: {
      ...shared(wire),
      ...totals(wire),
      id,
      invoiceNumber: text(wire.DocNumber),
      type,
      issueDate: date(wire.TxnDate),
      dueDate: date(wire.DueDate),
      remainingAmount: decimal(wire.Balance),
      contactId: contactOf(wire),
      description: text(object(wire.CustomerMemo).value) ?? text(wire.PrivateNote),
      status: invoiceStatus(wire),
      taxInclusive: Words.taxInclusive(text(wire.GlobalTaxCalculation)),
      paymentTermId: ref(wire, "SalesTermRef"),
      trackingCategoryIds: trackingIds(wire)
    },
    lineItems: lineItems(wire),
    addresses: addresses(wire, { BillAddr: "BILLING", ShipAddr: "SHIPPING", VendorAddr: "PRIMARY" }),
    // Only which payments there are is said here: when and how much is in the payments' own records.
    payments: links
      .filter(({ txnType }) => txnType === "Payment" || txnType.startsWith("BillPayment"))
      .map((link) => ({ id: link.id, invoiceId: id, paymentLinkedTo: type })),
    rawValues: { type: entity, status: text(wire.EmailStatus), taxInclusive: text(wire.GlobalTaxCalculation) },
    customFields: customFields(wire)
  }
}

/** A `CreditMemo` or `VendorCredit`. */
export const creditNote = (row: Row): DataType.Input<typeof AccountingCreditNote> => {
  const { entity, wire } = row
  const remaining = decimal(wire.RemainingCredit ?? wire.Balance)
  const total = decimal(wire.TotalAmt)
  const { subTotal, totalTax } = totals(wire)
  const id = ownId(row)
  if (id === null) throw new TypeError(`a row of ${entity} has no Id`)
  return {
    info: {
      ...shared(wire),
      id,
      number: text(wire.DocNumber),
      type: entity === "VendorCredit" ? "VENDOR" : "CUSTOMER",
      contactId: contactOf(wire),
      issueDate: date(wire.TxnDate),
      status: isVoid(wire)
        ? "VOID"
        : remaining === null || total === null
          ? "NOT_SPECIFIED"
          : remaining === 0
            ? "APPLIED"
            : remaining < total
              ? "PARTIALLY_APPLIED"
              : "AUTHORISED",
      subTotal,
      totalTax,
      remainingCredit: remaining,
      description: text(object(wire.CustomerMemo).value) ?? text(wire.PrivateNote)
    },
    lineItems: lineItems(wire),
    rawValues: { type: entity },
    customFields: customFields(wire)
  }
}

/** A `Purchase`: an expense by cash, check or card. */
export const expense = (row: Row): DataType.Input<typeof AccountingExpense> => {
  const { wire } = row
  const id = text(wire.Id)
  if (id === undefined) throw new TypeError("a row of Purchase has no Id")
  const entity = object(wire.EntityRef)
  const kind = text(entity.type)
  const party = text(entity.value)
  const { subTotal, totalTax } = totals(wire)
  return {
    info: {
      ...shared(wire),
      id,
      number: text(wire.DocNumber),
      date: date(wire.TxnDate),
      type: wire.Credit === true ? "REFUND" : wire.Credit === false ? "EXPENSE" : "NOT_SPECIFIED",
      paymentMode: Words.paymentMode(text(wire.PaymentType)),
      paymentModeDetail: Words.paymentModeDetail(text(wire.PaymentType)),
      accountId: ref(wire, "AccountRef"),
      contactId: party === undefined || (kind !== "Vendor" && kind !== "Customer") ? null : prefixed(kind, party),
      employeeId: kind === "Employee" ? party : null,
      subTotal,
      totalTax: decimal(wire.TotalTax) ?? totalTax,
      memo: text(wire.PrivateNote),
      status: isVoid(wire) ? "VOIDED" : "NOT_SPECIFIED"
    },
    lineItems: lineItems(wire),
    rawValues: { type: text(wire.Credit), paymentMode: text(wire.PaymentType) }
  }
}

/** A `PurchaseOrder`. */
export const purchaseOrder = (row: Row): DataType.Input<typeof AccountingPurchaseOrder> => {
  const { wire } = row
  const id = text(wire.Id)
  if (id === undefined) throw new TypeError("a row of PurchaseOrder has no Id")
  const { subTotal, totalTax } = totals(wire)
  return {
    info: {
      ...shared(wire),
      id,
      number: text(wire.DocNumber),
      vendorId: contactOf(wire),
      issueDate: date(wire.TxnDate),
      deliveryDate: date(wire.DueDate),
      deliveryAddress: address(wire.ShipAddr, "SHIPPING")[0] ?? null,
      status: Words.purchaseOrderStatus(text(wire.POStatus)),
      subTotal,
      totalTax,
      memo: text(wire.Memo) ?? text(wire.PrivateNote)
    },
    lineItems: lineItems(wire),
    rawValues: { status: text(wire.POStatus) },
    customFields: customFields(wire)
  }
}
