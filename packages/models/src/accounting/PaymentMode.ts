/** How money moved. Finer values are in `PaymentModeDetail`. */
export const PaymentMode = ["CASH", "CHEQUE", "ELECTRONIC_TRANSFER"] as const
/** What `PaymentMode` cannot say. */
export const PaymentModeDetail = ["CARD", "DIRECT_DEBIT", "ACH", "WIRE", "WALLET", "OTHER"] as const
