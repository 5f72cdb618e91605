/** The time that an amount of pay is for. */
export const PayPeriod = [
  "HOUR",
  "DAY",
  "WEEK",
  "TWO_WEEKS",
  "HALF_MONTH",
  "MONTH",
  "TWO_MONTHS",
  "QUARTER",
  "HALF_YEAR",
  "YEAR"
] as const

/** How often pay is paid out. */
export const PayFrequency = [
  "DAILY",
  "WEEKLY",
  "BIWEEKLY",
  "SEMIMONTHLY",
  "MONTHLY",
  "QUARTERLY",
  "SEMIANNUALLY",
  "ANNUALLY",
  "THIRTEEN_MONTHLY",
  "ONE_TIME",
  "PRO_RATA"
] as const
