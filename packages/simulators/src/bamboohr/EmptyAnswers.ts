/** The JSON answers of the API with nobody in them: lists empty, counts zero, no way to a next page. */
export const emptied = (value: unknown): unknown => {
  if (Array.isArray(value)) return []
  if (typeof value !== "object" || value === null) return value
  const answer: Record<string, unknown> = { ...value }
  if (Array.isArray(answer.data)) {
    answer.data = []
    answer.links = Array.isArray(answer.links) || answer.links !== undefined ? [] : undefined
    const meta = answer.meta as { page?: unknown; pageSize?: number }
    if (typeof meta.page === "number") answer.meta = { ...meta, totalPages: 0, totalItems: 0 }
    else answer.meta = { total: 0, page: { ...(meta.page as object), nextCursor: null, prevCursor: null } }
    if (answer._links !== undefined) answer._links = { self: (answer._links as { self: unknown }).self }
  }
  for (const name of ["employees", "Employee Dependents", "timeOffTypes"]) if (name in answer) answer[name] = []
  return answer
}

/** The JSON answers of the API without this page's records, everything around them as it was. */
export const withoutRecords = (value: unknown): unknown => {
  if (Array.isArray(value)) return []
  if (typeof value !== "object" || value === null) return value
  const answer: Record<string, unknown> = { ...value }
  for (const name of ["data", "employees", "Employee Dependents", "timeOffTypes"]) if (name in answer) answer[name] = []
  return answer
}
