/** How far a company or person has come on the way to a customer. */
export const LifecycleStage = [
  "SUBSCRIBER",
  "LEAD",
  "MARKETING_QUALIFIED",
  "SALES_QUALIFIED",
  "OPPORTUNITY",
  "CUSTOMER",
  "EVANGELIST",
  "OTHER"
] as const
