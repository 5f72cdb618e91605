/**
 * Reads CSV as Bulk API 2.0 writes it: commas, quoted values with doubled quotes, line breaks inside values. Gives one
 * array a line, the header first; undefined for what ends inside a value, as an answer does that was cut off.
 */
export const parse = (text: string): ReadonlyArray<ReadonlyArray<string>> | undefined => {
  const rows: Array<Array<string>> = []
  let row: Array<string> = []
  let at = 0
  const { length } = text
  while (at < length) {
    let value: string
    if (text.charCodeAt(at) === quote) {
      let end = text.indexOf('"', at + 1)
      if (end < 0) return undefined
      if (text.charCodeAt(end + 1) !== quote) {
        // Nearly all values: no quote inside, so one slice is the value.
        value = text.slice(at + 1, end)
      } else {
        while (text.charCodeAt(end + 1) === quote) {
          end = text.indexOf('"', end + 2)
          if (end < 0) return undefined
        }
        value = text.slice(at + 1, end).replaceAll('""', '"')
      }
      at = end + 1
    } else {
      const comma = text.indexOf(",", at)
      const line = text.indexOf("\n", at)
      const stop = Math.min(comma < 0 ? length : comma, line < 0 ? length : line)
      value = text.slice(at, stop)
      if (value.endsWith("\r")) value = value.slice(0, -1)
      at = stop
    }
    row.push(value)
    if (text.charCodeAt(at) === carriageReturn) at++
    const code = text.charCodeAt(at)
    if (at < length && code !== comma && code !== newline) return undefined
    if (code === comma && at + 1 < length) {
      at++
      continue
    }
    rows.push(row)
    row = []
    at++
  }
  return rows
}

const quote = 34
const comma = 44
const newline = 10
const carriageReturn = 13
