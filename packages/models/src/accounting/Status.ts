/** Whether the app still uses a record of a list (accounts, contacts, items, …). */
export const Status = ["ACTIVE", "INACTIVE"] as const
