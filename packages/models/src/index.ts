/** The data types, which connectors name. */
export { AtsApplications } from "./ats/application/Application.ts"
export { AtsCandidates } from "./ats/candidate/Candidate.ts"
export { AtsJobs } from "./ats/job/Job.ts"
export { AtsActivities } from "./ats/lookup/Activity.ts"
export { AtsDepartments } from "./ats/lookup/Department.ts"
export { AtsOffices } from "./ats/lookup/Office.ts"
export { AtsRejectReasons } from "./ats/lookup/RejectReason.ts"
export { AtsTags } from "./ats/lookup/Tag.ts"
export { AtsUsers } from "./ats/lookup/UserAccount.ts"
export { Employee } from "./hris/employee/Employee.ts"
export { AccountingAccount } from "./accounting/account/Account.ts"
export { AccountingCompany } from "./accounting/company/Company.ts"
export { AccountingContact } from "./accounting/contact/Contact.ts"
export { AccountingCreditNote } from "./accounting/creditNote/CreditNote.ts"
export { AccountingEmployee } from "./accounting/employee/Employee.ts"
export { AccountingExpense } from "./accounting/expense/Expense.ts"
export { AccountingInvoice } from "./accounting/invoice/Invoice.ts"
export { AccountingItem } from "./accounting/item/Item.ts"
export { AccountingJournalEntry } from "./accounting/journalEntry/JournalEntry.ts"
export { AccountingPayment } from "./accounting/payment/Payment.ts"
export { AccountingPaymentMethod } from "./accounting/lookup/PaymentMethod.ts"
export { AccountingPaymentTerm } from "./accounting/lookup/PaymentTerm.ts"
export { AccountingPeriod } from "./accounting/lookup/Period.ts"
export { AccountingProject } from "./accounting/lookup/Project.ts"
export { AccountingPurchaseOrder } from "./accounting/purchaseOrder/PurchaseOrder.ts"
export { AccountingTaxRate } from "./accounting/taxRate/TaxRate.ts"
export { AccountingTrackingCategory } from "./accounting/trackingCategory/TrackingCategory.ts"

/** The HR models one by one: enums, schemas and models by name. */
export * as Hris from "./hris/index.ts"
/** The recruiting models one by one: enums, schemas and models by name. */
export * as Ats from "./ats/index.ts"
/** The accounting models one by one: enums, schemas and models by name. */
export * as Accounting from "./accounting/index.ts"
/** Parts that several categories share. */
export * as Shared from "./shared/index.ts"

/** For mappers: from an app's words to the models' values. */
export * as Country from "./mapping/Country.ts"
export * as Dates from "./mapping/Dates.ts"
export * as Enums from "./mapping/Enums.ts"
export * as Money from "./mapping/Money.ts"
