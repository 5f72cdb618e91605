/** The data types, which connectors name. */
export { CrmAccount } from "./crm/account/Account.ts"
export { CrmCampaign } from "./crm/campaign/Campaign.ts"
export { CrmContact } from "./crm/contact/Contact.ts"
export { CrmDeal } from "./crm/deal/Deal.ts"
export { CrmEngagement } from "./crm/engagement/Engagement.ts"
export { CrmLead } from "./crm/lead/Lead.ts"
export { CrmNote } from "./crm/note/Note.ts"
export { CrmPipeline } from "./crm/pipeline/Pipeline.ts"
export { CrmProduct } from "./crm/product/Product.ts"
export { CrmRecord } from "./crm/record/Record.ts"
export { CrmTask } from "./crm/task/Task.ts"
export { CrmUser } from "./crm/user/User.ts"
export { Employee } from "./hris/employee/Employee.ts"

/** The CRM models one by one: enums, schemas and models by name. */
export * as Crm from "./crm/index.ts"
/** The HR models one by one: enums, schemas and models by name. */
export * as Hris from "./hris/index.ts"
/** Parts that several categories share. */
export * as Shared from "./shared/index.ts"

/** For mappers: from an app's words to the models' values. */
export * as Country from "./mapping/Country.ts"
export * as Dates from "./mapping/Dates.ts"
export * as Enums from "./mapping/Enums.ts"
export * as Money from "./mapping/Money.ts"
