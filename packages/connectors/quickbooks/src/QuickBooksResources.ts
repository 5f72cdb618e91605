import { Resource } from "@crochet/core"
import type { DataType } from "@crochet/core"
import * as Models from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Changes from "./QuickBooksChanges.ts"
import { company, period } from "./QuickBooksCompany.ts"
import * as Entities from "./QuickBooksEntities.ts"
import * as Filters from "./QuickBooksFilters.ts"
import { get } from "./QuickBooksGet.ts"
import { list } from "./QuickBooksListing.ts"
import * as Documents from "./QuickBooksMappingDocuments.ts"
import * as Lists from "./QuickBooksMappingLists.ts"
import * as Money from "./QuickBooksMappingMoney.ts"
import * as Support from "./QuickBooksSupport.ts"
import { type Row, updatedAt } from "./QuickBooksWire.ts"

/** What tells the resources apart. */
interface Declared<D extends DataType.DataType> {
  readonly dataType: D
  readonly entities: ReadonlyArray<Entities.Entity>
  readonly source?: Omit<Entities.Source, "entities">
  readonly toRecord: (row: Row) => DataType.Input<D>
  readonly support: Resource.AnyResource["support"]
  readonly filters?: ReadonlyArray<Filters.Filter>
  /** `cdc` does not tell of everything; without it deltas list everything and compare. */
  readonly withoutChanges?: boolean
}

// It moves with every change, also with one of a field that is not read.
const volatile = { record: ["info.updatedAt"] }

const declare = <D extends DataType.DataType>(declared: Declared<D>): Resource.AnyResource => {
  const { dataType, entities, filters = [], support, toRecord } = declared
  const source: Entities.Source = { entities, ...declared.source }
  const plan = (context: Resource.ResourceContext) => Filters.plan(source, filters, context)
  const reading = (does: string): Changes.Reading => ({ operation: `${dataType.id}.${does}`, source, plan })
  return Resource.make<D, Row>({
    dataType,
    mapperVersion: 1,
    list: (context) => Stream.unwrap(Effect.map(plan(context), (made) => list(context, `${dataType.id}.list`, made))),
    ...(declared.withoutChanges === true
      ? {}
      : {
          changes: {
            start: (context) => Changes.start(reading("changes"), context),
            fetch: (context, cursor) => Changes.fetch(reading("changes"), context, cursor)
          }
        }),
    get: (context, recordId) => get(source, `${dataType.id}.get`, context, recordId),
    recordId: Entities.recordIdOf(source),
    toRecord,
    updatedAt,
    volatile,
    support,
    filters: filters.map(({ help, id, label, values }) => ({
      id,
      label,
      help,
      ...(values === undefined ? {} : { values })
    }))
  })
}

const either = (entities: ReadonlyArray<Entities.Entity>, help: string) => Filters.kind({ entities }, help)
const { bill, billPayment, creditMemo, customer, invoice, payment, vendor, vendorCredit } = Entities

/** Everything that is read of a QuickBooks company, one resource a data type. */
export const resources: ReadonlyArray<Resource.AnyResource> = [
  declare({
    dataType: Models.AccountingAccount,
    entities: [Entities.account],
    toRecord: Lists.account,
    support: Support.accounts,
    filters: [
      Filters.equals("classification", "Classification", "Classification", "Only accounts of this side of the books.", [
        "Asset",
        "Equity",
        "Expense",
        "Liability",
        "Revenue"
      ]),
      Filters.equals("accountType", "AccountType", "Account type", "Only accounts of this type, e.g. Bank.")
    ]
  }),
  company,
  period,
  declare({
    dataType: Models.AccountingProject,
    entities: [customer],
    // Projects are customers below a customer; whether a query may ask for them alone is not documented.
    source: { prefixed: true, keeps: Lists.isProject },
    toRecord: Lists.project,
    support: Support.projects
  }),
  declare({
    dataType: Models.AccountingContact,
    entities: [customer, vendor],
    toRecord: Lists.contact,
    support: Support.contacts,
    filters: [either([customer, vendor], "Only customers, or only vendors.")]
  }),
  declare({
    dataType: Models.AccountingInvoice,
    entities: [invoice, bill],
    toRecord: Documents.invoice,
    support: Support.invoices,
    filters: [either([invoice, bill], "Only invoices, or only bills."), ...Filters.txnDates]
  }),
  declare({
    dataType: Models.AccountingPayment,
    entities: [payment, billPayment],
    toRecord: Money.payment,
    support: Support.payments,
    filters: [either([payment, billPayment], "Only payments of customers, or only to vendors."), ...Filters.txnDates]
  }),
  declare({
    dataType: Models.AccountingCreditNote,
    entities: [creditMemo, vendorCredit],
    toRecord: Documents.creditNote,
    support: Support.creditNotes,
    filters: [
      either([creditMemo, vendorCredit], "Only credits to customers, or only from vendors."),
      ...Filters.txnDates
    ]
  }),
  declare({
    dataType: Models.AccountingItem,
    entities: [Entities.item],
    toRecord: Lists.item,
    support: Support.items,
    filters: [
      Filters.equals("type", "Type", "Type", "Only items of this type.", [
        "Inventory",
        "NonInventory",
        "Service",
        "Group",
        "Category"
      ])
    ]
  }),
  declare({
    dataType: Models.AccountingJournalEntry,
    entities: [Entities.journalEntry],
    toRecord: Money.journalEntry,
    support: Support.journalEntries,
    filters: Filters.txnDates
  }),
  declare({
    dataType: Models.AccountingExpense,
    entities: [Entities.purchase],
    toRecord: Documents.expense,
    support: Support.expenses,
    filters: Filters.txnDates
  }),
  declare({
    dataType: Models.AccountingPurchaseOrder,
    entities: [Entities.purchaseOrder],
    toRecord: Documents.purchaseOrder,
    support: Support.purchaseOrders,
    filters: Filters.txnDates
  }),
  declare({
    dataType: Models.AccountingTaxRate,
    entities: [Entities.taxRate],
    toRecord: Lists.taxRate,
    support: Support.taxRates,
    withoutChanges: true
  }),
  declare({
    dataType: Models.AccountingTrackingCategory,
    entities: [Entities.class_, Entities.department],
    toRecord: Lists.trackingCategory,
    support: Support.trackingCategories,
    filters: [either([Entities.class_, Entities.department], "Only classes, or only departments.")]
  }),
  declare({
    dataType: Models.AccountingEmployee,
    entities: [Entities.employee],
    toRecord: Lists.employee,
    support: Support.employees
  }),
  declare({
    dataType: Models.AccountingPaymentTerm,
    entities: [Entities.term],
    toRecord: Lists.paymentTerm,
    support: Support.paymentTerms
  }),
  declare({
    dataType: Models.AccountingPaymentMethod,
    entities: [Entities.paymentMethod],
    toRecord: Lists.paymentMethod,
    support: Support.paymentMethods
  })
]
