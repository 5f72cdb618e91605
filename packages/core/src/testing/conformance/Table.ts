export const elsewhere = {}
export const table = []
