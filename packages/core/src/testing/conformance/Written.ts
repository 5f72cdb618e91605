/** Whatever was logged, as one text. */
export const textOf = (parts: ReadonlyArray<unknown>): string =>
  parts
    .map((part) => {
      try {
        return typeof part === "string" ? part : (JSON.stringify(part) ?? String(part))
      } catch {
        return String(part)
      }
    })
    .join(" ")
