const lists = ["records", "deletedRecords", "ids", "sobjects"]

/** The JSON answers of the API with nobody in them: lists empty, totals zero, no way to a next page. */
export const emptied = (value: unknown): unknown => {
  const answer = withoutRecords(value)
  if (typeof answer !== "object" || answer === null || !("totalSize" in answer)) return answer
  const { nextRecordsUrl: _, ...rest } = answer as Record<string, unknown>
  return { ...rest, totalSize: 0, done: true }
}

/** The JSON answers of the API without this page's records, totals and the way to the next page as they were. */
export const withoutRecords = (value: unknown): unknown => {
  if (Array.isArray(value)) return []
  if (typeof value !== "object" || value === null) return value
  const answer: Record<string, unknown> = { ...value }
  for (const name of lists) if (name in answer) answer[name] = []
  return answer
}
