import type { DataType } from "@crochet/core"
import type {
  AccountingAccount,
  AccountingContact,
  AccountingEmployee,
  AccountingItem,
  AccountingPaymentMethod,
  AccountingPaymentTerm,
  AccountingProject,
  AccountingTaxRate,
  AccountingTrackingCategory
} from "@crochet/models"
import { Dates, Enums } from "@crochet/models"
import { ownId, prefixed } from "./QuickBooksEntities.ts"
import { addresses, emails, phones, urls } from "./QuickBooksMappingParts.ts"
import * as Words from "./QuickBooksWords.ts"
import { currency, decimal, ref, type Row, stamps, text } from "./QuickBooksWire.ts"

/** The row's own id. Throws for a row without one. */
const idOf = ({ entity, wire }: Row): string => {
  const id = text(wire.Id)
  if (id === undefined) throw new TypeError(`a row of ${entity} has no Id`)
  return id
}

/** An `Account`. */
export const account = (row: Row): DataType.Input<typeof AccountingAccount> => {
  const { wire } = row
  const type = text(wire.AccountType)
  const detail = text(wire.AccountSubType)
  const exact = Words.exactSubType(detail)
  const known = Words.accountSubType(type)
  return {
    info: {
      id: idOf(row),
      name: text(wire.Name),
      category: type === undefined ? "NOT_SPECIFIED" : type === "Bank" ? "BANK_ACCOUNT" : "LEDGER_ACCOUNT",
      type: Words.accountType(text(wire.Classification)),
      description: text(wire.Description),
      accountNumber: text(wire.AcctNum),
      status: Words.status(wire.Active),
      currentBalance: decimal(wire.CurrentBalance),
      currency: currency(wire),
      parentAccountId: ref(wire, "ParentRef"),
      ...stamps(wire),
      subType: exact === "NOT_SPECIFIED" ? known : exact,
      fullName: text(wire.FullyQualifiedName),
      openingBalance: decimal(wire.OpeningBalance)
    },
    rawValues: { type: text(wire.Classification), subType: detail ?? type, status: text(wire.Active) }
  }
}

/** A `Customer` or `Vendor`. */
export const contact = (row: Row): DataType.Input<typeof AccountingContact> => {
  const { entity, wire } = row
  const isCustomer = entity === "Customer"
  const parent = ref(wire, "ParentRef")
  return {
    info: {
      id: prefixed(entity, idOf(row)),
      name: text(wire.DisplayName),
      type: isCustomer ? "CUSTOMER" : "VENDOR",
      status: Words.status(wire.Active),
      accountNumber: text(wire.AcctNum),
      company: text(wire.CompanyName),
      currency: currency(wire),
      taxNumber: text(wire.TaxIdentifier) ?? text(wire.PrimaryTaxIdentifier),
      urls: urls(wire),
      ...stamps(wire),
      // Nothing says that a customer is no vendor: the same party would be two records.
      ...(isCustomer ? { isCustomer: "TRUE" } : { isVendor: "TRUE" }),
      firstName: text(wire.GivenName),
      lastName: text(wire.FamilyName),
      parentId: parent === undefined ? null : prefixed(entity, parent),
      paymentTermId: ref(wire, isCustomer ? "SalesTermRef" : "TermRef"),
      balance: decimal(wire.Balance),
      registrationNumber: text(wire.BusinessNumber),
      isTaxable: Enums.flag(text(wire.Taxable))
    },
    addresses: addresses(wire, { BillAddr: "BILLING", ShipAddr: "SHIPPING" }),
    phones: phones(wire),
    emails: emails(wire.PrimaryEmailAddr),
    rawValues: { type: entity, status: text(wire.Active) }
  }
}

/** Whether a `Customer` is a project; one that does not say so is none. What cannot be read is kept, to be reported. */
export const isProject = ({ wire }: Row): boolean =>
  wire.IsProject !== undefined && wire.IsProject !== null && text(wire.IsProject) !== "false"

/** A `Customer` that is a project: its id is the customer's, which documents name. Throws for any other. */
export const project = (row: Row): DataType.Input<typeof AccountingProject> => {
  const { entity, wire } = row
  if (text(wire.IsProject) !== "true") throw new TypeError(`a row of ${entity} is no project`)
  const parent = ref(wire, "ParentRef")
  return {
    info: {
      id: prefixed(entity, idOf(row)),
      name: text(wire.DisplayName),
      customerId: parent === undefined ? null : prefixed(entity, parent),
      isActive: Enums.flag(text(wire.Active)),
      ...stamps(wire)
    }
  }
}

/** An `Item`. */
export const item = (row: Row): DataType.Input<typeof AccountingItem> => {
  const { wire } = row
  const salesAccountId = ref(wire, "IncomeAccountRef")
  const purchaseAccountId = ref(wire, "ExpenseAccountRef")
  return {
    info: {
      id: idOf(row),
      name: text(wire.Name),
      code: text(wire.Sku),
      description: text(wire.Description),
      type: Words.itemType(text(wire.Type)),
      // With an account for it there is a price for it; without one, nothing is said.
      isSold: salesAccountId === undefined ? "NOT_SPECIFIED" : "TRUE",
      isPurchased: purchaseAccountId === undefined ? "NOT_SPECIFIED" : "TRUE",
      unitPrice: decimal(wire.UnitPrice),
      purchasePrice: decimal(wire.PurchaseCost),
      salesAccountId,
      purchaseAccountId,
      assetAccountId: ref(wire, "AssetAccountRef"),
      quantityOnHand: decimal(wire.QtyOnHand),
      status: Words.status(wire.Active),
      parentId: ref(wire, "ParentRef"),
      ...stamps(wire)
    },
    rawValues: { type: text(wire.Type), status: text(wire.Active) }
  }
}

/** A `TaxRate`; compound rates are tax codes, which are not read. */
export const taxRate = (row: Row): DataType.Input<typeof AccountingTaxRate> => {
  const { wire } = row
  return {
    info: {
      id: idOf(row),
      name: text(wire.Name),
      rate: decimal(wire.RateValue),
      status: Words.status(wire.Active),
      description: text(wire.Description),
      ...stamps(wire)
    },
    rawValues: { type: text(wire.SpecialTaxType), status: text(wire.Active) }
  }
}

/** A `Class` or `Department`. */
export const trackingCategory = (row: Row): DataType.Input<typeof AccountingTrackingCategory> => {
  const { entity, wire } = row
  const parent = ref(wire, "ParentRef")
  return {
    info: {
      id: ownId(row),
      name: text(wire.Name),
      type: entity === "Class" ? "CLASS" : "DEPARTMENT",
      parentId: parent === undefined ? null : prefixed(entity, parent),
      status: Words.status(wire.Active),
      ...stamps(wire)
    },
    rawValues: { type: entity, status: text(wire.Active) }
  }
}

/** An `Employee`; their number from the state, birth and address are never read. */
export const employee = (row: Row): DataType.Input<typeof AccountingEmployee> => {
  const { wire } = row
  return {
    info: {
      id: idOf(row),
      firstName: text(wire.GivenName),
      lastName: text(wire.FamilyName),
      emails: emails(wire.PrimaryEmailAddr),
      phones: phones(wire),
      status: Words.status(wire.Active),
      gender: Words.gender(text(wire.Gender)),
      displayName: text(wire.DisplayName),
      employeeNumber: text(wire.EmployeeNumber),
      startDate: Dates.fromCalendar(text(wire.HiredDate)),
      terminationDate: Dates.fromCalendar(text(wire.ReleasedDate)),
      ...stamps(wire)
    },
    rawValues: { status: text(wire.Active), gender: text(wire.Gender) }
  }
}

/** A `Term`. */
export const paymentTerm = (row: Row): DataType.Input<typeof AccountingPaymentTerm> => {
  const { wire } = row
  return {
    info: {
      id: idOf(row),
      name: text(wire.Name),
      dueDays: decimal(wire.DueDays),
      discountDays: decimal(wire.DiscountDays),
      discountRate: decimal(wire.DiscountPercent),
      isActive: Enums.flag(text(wire.Active)),
      ...stamps(wire)
    }
  }
}

/** A `PaymentMethod`. */
export const paymentMethod = (row: Row): DataType.Input<typeof AccountingPaymentMethod> => {
  const { wire } = row
  return {
    info: {
      id: idOf(row),
      name: text(wire.Name),
      type: text(wire.Type),
      isActive: Enums.flag(text(wire.Active)),
      ...stamps(wire)
    }
  }
}
