import { Accounting, Enums } from "@crochet/models"

/** `Classification` of an account. */
export const accountType = Enums.mapping(Accounting.AccountType)

/** `AccountType` of an account, unless its `AccountSubType` is more exact. */
export const accountSubType = Enums.mapping(Accounting.AccountSubType, {
  "Other Current Asset": "CURRENT_ASSET",
  "Other Current Liability": "CURRENT_LIABILITY",
  Income: "REVENUE",
  "Cost of Goods Sold": "COST_OF_SALES"
})
/** `AccountSubType` where it says more than `AccountType`. */
export const exactSubType = Enums.mapping(["INVENTORY", "RETAINED_EARNINGS", "CASH"], { CashOnHand: "CASH" })

/** `Type` of an item; a category holds other items and is sold by nobody. */
export const itemType = Enums.mapping(Accounting.ItemType, {
  NonInventory: "NON_INVENTORY",
  Group: "BUNDLE",
  Category: "OTHER"
})

/** How a payment was made, by the method's name or `PayType`. */
export const paymentMode = Enums.mapping(Accounting.PaymentMode, { Check: "CHEQUE", ECheck: "ELECTRONIC_TRANSFER" })
/** What `paymentMode` cannot say. */
export const paymentModeDetail = Enums.mapping(Accounting.PaymentModeDetail, {
  CreditCard: "CARD",
  "Credit Card": "CARD",
  Visa: "CARD",
  MasterCard: "CARD",
  "American Express": "CARD",
  Discover: "CARD",
  "Diners Club": "CARD"
})
/** `CreditChargeResponse.Status` of a payment by card. */
export const paymentStatus = Enums.mapping(Accounting.PaymentStatus, { Completed: "SUCCESS", Declined: "FAILURE" })

/** `PostingType` of a line of a journal entry. */
export const journalSide = Enums.mapping(Accounting.JournalSide)

/** `POStatus`. */
export const purchaseOrderStatus = Enums.mapping(["OPEN", "CLOSED"])

/** `GlobalTaxCalculation`: whether prices include the tax; `NotApplicable` says nothing. */
export const taxInclusive = Enums.mapping(["TRUE", "FALSE"], { TaxInclusive: "TRUE", TaxExcluded: "FALSE" })

/** `Gender` of an employee. */
export const gender = Enums.mapping(Accounting.EmployeeGender)

/** `FiscalYearStartMonth`, an English name. */
export const monthOf = (name: string | undefined): number | null => {
  const at = months.indexOf((name ?? "").toLowerCase())
  return at < 0 ? null : at + 1
}
const months = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december"
]

/** `Active` of a row of a list. */
export const status = (active: unknown): "ACTIVE" | "INACTIVE" | "NOT_SPECIFIED" =>
  active === true || active === "true"
    ? "ACTIVE"
    : active === false || active === "false"
      ? "INACTIVE"
      : "NOT_SPECIFIED"
