import type { DataType } from "@crochet/core"
import type { AccountingJournalEntry, AccountingPayment } from "@crochet/models"
import { Dates } from "@crochet/models"
import { ownId, prefixed, trackingIds } from "./QuickBooksEntities.ts"
import { contactOf } from "./QuickBooksMappingDocuments.ts"
import { appliedTo } from "./QuickBooksMappingLines.ts"
import * as Words from "./QuickBooksWords.ts"
import { currency, decimal, object, objects, ref, refName, type Row, stamps, text } from "./QuickBooksWire.ts"

/** A `Payment` of a customer or a `BillPayment` to a vendor. */
export const payment = (row: Row): DataType.Input<typeof AccountingPayment> => {
  const { entity, wire } = row
  const id = ownId(row)
  if (id === null) throw new TypeError(`a row of ${entity} has no Id`)
  const sent = entity === "BillPayment"
  // Where the money lies: it is debited when money comes and credited when money goes.
  const own = sent
    ? (ref(object(wire.CheckPayment), "BankAccountRef") ?? ref(object(wire.CreditCardPayment), "CCAccountRef"))
    : ref(wire, "DepositToAccountRef")
  const other = ref(wire, sent ? "APAccountRef" : "ARAccountRef")
  const mode = sent ? text(wire.PayType) : refName(wire, "PaymentMethodRef")
  const charge = object(object(wire.CreditCardPayment).CreditChargeResponse)
  return {
    info: {
      id,
      dateTime: Dates.fromCalendar(text(wire.TxnDate)),
      status: Words.paymentStatus(text(charge.Status)),
      paymentMode: Words.paymentMode(mode),
      referenceNumber: text(wire.PaymentRefNum) ?? text(wire.DocNumber),
      creditedAccountId: sent ? own : other,
      debitedAccountId: sent ? other : own,
      contactId: contactOf(wire),
      amount: decimal(wire.TotalAmt),
      exchangeRate: decimal(wire.ExchangeRate),
      currency: currency(wire),
      description: text(wire.PrivateNote),
      direction: sent ? "SENT" : "RECEIVED",
      paymentModeDetail: Words.paymentModeDetail(mode),
      paymentMethodId: ref(wire, "PaymentMethodRef"),
      accountId: own,
      ...stamps(wire)
    },
    lineItems: objects(wire.Line).map((line) => ({
      lineItemId: text(line.Id),
      amount: decimal(line.Amount),
      description: text(line.Description),
      appliedTo: appliedTo(line)
    })),
    rawValues: { status: text(charge.Status), paymentMode: mode }
  }
}

/** A `JournalEntry`; what it is posted to is in its lines. */
export const journalEntry = (row: Row): DataType.Input<typeof AccountingJournalEntry> => {
  const { wire } = row
  const id = text(wire.Id)
  if (id === undefined) throw new TypeError("a row of JournalEntry has no Id")
  return {
    info: {
      id,
      number: text(wire.DocNumber),
      date: Dates.fromCalendar(text(wire.TxnDate)),
      memo: text(wire.PrivateNote),
      currency: currency(wire),
      exchangeRate: decimal(wire.ExchangeRate),
      ...stamps(wire)
    },
    lines: objects(wire.Line)
      .filter((line) => line.DetailType === "JournalEntryLineDetail")
      .map((line) => {
        const detail = object(line.JournalEntryLineDetail)
        const party = object(detail.Entity)
        const kind = text(party.Type)
        const contact = ref(party, "EntityRef")
        const side = text(detail.PostingType)
        return {
          id: text(line.Id),
          lineNumber: decimal(line.LineNum),
          accountId: ref(detail, "AccountRef"),
          side: Words.journalSide(side),
          amount: decimal(line.Amount),
          description: text(line.Description),
          contactId:
            contact === undefined || (kind !== "Customer" && kind !== "Vendor") ? null : prefixed(kind, contact),
          trackingCategoryIds: trackingIds(detail),
          sideRaw: side
        }
      })
  }
}
