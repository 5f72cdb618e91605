import type { Accounting } from "@crochet/models"
import { prefixed, trackingIds } from "./QuickBooksEntities.ts"
import { decimal, object, objects, ref, refName, text, type WireRow } from "./QuickBooksWire.ts"

type LineItem = (typeof Accounting.LineItem)["Encoded"]
type AppliedTo = (typeof Accounting.AppliedTo)["Encoded"]

const types: { readonly [detailType: string]: LineItem["type"] } = {
  SalesItemLineDetail: "ITEM",
  ItemBasedExpenseLineDetail: "ITEM",
  AccountBasedExpenseLineDetail: "ITEM",
  GroupLineDetail: "ITEM",
  DiscountLineDetail: "DISCOUNT",
  DescriptionOnly: "TEXT",
  TaxLineDetail: "TAX"
}

const billable = (status: string | undefined): LineItem["isBillable"] =>
  status === undefined ? "NOT_SPECIFIED" : status === "NotBillable" ? "FALSE" : "TRUE"

const lineOf = (line: WireRow): LineItem => {
  const detailType = text(line.DetailType) ?? ""
  const detail = object(line[detailType])
  const customer = ref(detail, "CustomerRef")
  return {
    lineItemId: text(line.Id),
    itemId: ref(detail, "ItemRef") ?? ref(detail, "GroupItemRef"),
    itemName: refName(detail, "ItemRef") ?? refName(detail, "GroupItemRef"),
    quantity: decimal(detail.Qty ?? detail.Quantity),
    unitRate: decimal(detail.UnitPrice),
    discountRate: decimal(detail.DiscountPercent ?? detail.DiscountRate),
    accountId: ref(detail, "AccountRef") ?? ref(detail, "ItemAccountRef") ?? ref(detail, "DiscountAccountRef"),
    amount: decimal(line.Amount),
    description: text(line.Description),
    lineNumber: decimal(line.LineNum),
    discountAmount: decimal(detail.DiscountAmt),
    taxAmount: decimal(detail.TaxAmount),
    trackingCategoryIds: trackingIds(detail),
    departmentId: ref(detail, "DepartmentRef"),
    isBillable: billable(text(detail.BillableStatus)),
    customerId: customer === undefined ? null : prefixed("Customer", customer),
    type: types[detailType] ?? "NOT_SPECIFIED"
  }
}

/** The lines of a document. The running subtotal is no line of its own; a bundle is followed by its parts. */
export const lineItems = (row: WireRow): ReadonlyArray<LineItem> =>
  objects(row.Line)
    .filter((line) => line.DetailType !== "SubTotalLineDetail")
    .flatMap((line) => [lineOf(line), ...objects(object(line.GroupLineDetail).Line).map(lineOf)])

/** The document's discount and subtotal, where it has a line of its own for them; never computed. */
export const totals = (row: WireRow) => {
  const lines = objects(row.Line)
  const only = (detailType: string) => {
    const found = lines.filter((line) => line.DetailType === detailType)
    return found.length === 1 ? decimal(found[0]?.Amount) : null
  }
  return {
    totalDiscount: only("DiscountLineDetail"),
    subTotal: only("SubTotalLineDetail"),
    totalTax: decimal(object(row.TxnTaxDetail).TotalTax)
  }
}

const applied: { readonly [txnType: string]: AppliedTo["type"] } = {
  Invoice: "INVOICE",
  Bill: "BILL",
  CreditMemo: "CREDIT_NOTE",
  VendorCredit: "CREDIT_NOTE",
  JournalEntry: "JOURNAL_ENTRY"
}

/** A linked transaction's id as the record has it whose it is. */
export const linkedId = (txnType: string, id: string): string =>
  txnType === "JournalEntry" ? id : prefixed(txnType.startsWith("BillPayment") ? "BillPayment" : txnType, id)

/** The transactions that a row is linked with. */
export const linked = (row: WireRow): ReadonlyArray<{ readonly txnType: string; readonly id: string }> =>
  objects(row.LinkedTxn).flatMap((link) => {
    const txnType = text(link.TxnType)
    const id = text(link.TxnId)
    return txnType === undefined || id === undefined ? [] : [{ txnType, id: linkedId(txnType, id) }]
  })

/** What a line was applied to; its amount is that of the line when it is linked with one transaction only. */
export const appliedTo = (line: WireRow): ReadonlyArray<AppliedTo> => {
  const links = linked(line)
  return links.map(({ id, txnType }) => ({
    type: applied[txnType] ?? "NOT_SPECIFIED",
    id,
    amount: links.length === 1 ? decimal(line.Amount) : null
  }))
}
