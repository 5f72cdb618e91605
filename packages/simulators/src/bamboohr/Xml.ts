import type { Reply } from "../server/Reply.ts"

const escaped = (value: unknown) =>
  value === null || value === undefined
    ? ""
    : String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

const fields = (record: Record<string, unknown>, indent: string) =>
  Object.entries(record)
    .filter(([name]) => name !== "id" && name !== "employeeId")
    .map(([name, value]) => `${indent}<field id="${escaped(name)}">${escaped(value)}</field>\n`)
    .join("")

const xml = (text: string): Reply => ({
  status: 200,
  headers: { "content-type": "text/xml; charset=UTF-8" },
  text: `<?xml version="1.0"?>\n${text}`
})

/** An employee as the API writes it for who did not ask for JSON. */
export const employeeXml = (record: Record<string, unknown>): Reply =>
  xml(`<employee id="${escaped(record.id)}">\n${fields(record, " ")}</employee>\n`)

/** A table's rows as the API writes them for who did not ask for JSON. */
export const tableXml = (rows: ReadonlyArray<Record<string, unknown>>): Reply =>
  xml(
    `<table>\n${rows
      .map(
        (row) => ` <row id="${escaped(row.id)}" employeeId="${escaped(row.employeeId)}">\n${fields(row, "  ")} </row>\n`
      )
      .join("")}</table>\n`
  )
