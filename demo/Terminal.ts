import { styleText } from "node:util"

const live = process.stdout.isTTY === true
const colour = (format: Parameters<typeof styleText>[0], text: string) =>
  live ? styleText(format, text, { stream: process.stdout }) : text

export const bold = (text: string) => colour("bold", text)
export const dim = (text: string) => colour("dim", text)
export const green = (text: string) => colour("green", text)
export const red = (text: string) => colour("red", text)

export const print = (line = "") => void process.stdout.write(`${line}\n`)
export const done = (what: string, details = "") =>
  print(`  ${green("✓")} ${details === "" ? what : what.padEnd(18)}${details === "" ? "" : `  ${dim(details)}`}`)

/** A bar that moves on a terminal; elsewhere only its last state is printed. */
export const progress = (title: string) => {
  const line = (count: number, total: number, note: string) => {
    const width = 24
    const filled = total === 0 ? 0 : Math.min(width, Math.round((count / total) * width))
    return `  ${title.padEnd(13)} ${green("█".repeat(filled))}${dim("░".repeat(width - filled))} ${count} of ${total} ${note}`
  }
  return {
    show: (count: number, total: number, note: string) => {
      if (live) process.stdout.write(`\r\x1b[2K${line(count, total, dim(note))}`)
    },
    end: (count: number, total: number, note: string) => print(`${live ? "\r\x1b[2K" : ""}${line(count, total, note)}`)
  }
}

/** Columns of text: the first `texts` to the left, numbers to the right. */
export const table = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string | number>>,
  texts: number
) => {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => String(row[at]).length)))
  const line = (cells: ReadonlyArray<string | number>) =>
    cells
      .map((cell, at) => (at < texts ? String(cell).padEnd(widths[at]!) : String(cell).padStart(widths[at]!)))
      .join("  ")
  print(`  ${bold(line(head))}`)
  for (const row of rows) print(`  ${line(row)}`)
}
