const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const checks = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

/** The three letters that make an id of 15 letters, which tells cases apart, safe where they are not told apart. */
const suffixOf = (id: string): string => {
  let suffix = ""
  for (let chunk = 0; chunk < 3; chunk++) {
    let bits = 0
    for (let at = 0; at < 5; at++) {
      const letter = id[chunk * 5 + at] ?? "0"
      if (letter >= "A" && letter <= "Z") bits |= 1 << at
    }
    suffix += checks[bits]
  }
  return suffix
}

/** The 18-letter id of record number `n` (from 0) of the object with this key prefix. Ids sort as the numbers do. */
export const idOf = (prefix: string, n: number): string => {
  let rest = n
  let tail = ""
  for (let at = 0; at < 10; at++) {
    tail = digits[rest % 62] + tail
    rest = Math.floor(rest / 62)
  }
  const id = `${prefix}Sm${tail}`
  return id + suffixOf(id)
}

/** The number of a record by its id of 15 or 18 letters; undefined for what is no id of such an object. */
export const numberOf = (prefix: string, id: string): number | undefined => {
  if (!/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id) || !id.startsWith(`${prefix}Sm`)) return undefined
  let n = 0
  for (const letter of id.slice(5, 15)) n = n * 62 + digits.indexOf(letter)
  return n
}

/** Where `id` stands among the numbers of an object, for `Id > '…'`: the number, and whether it is exactly that. */
export const positionOf = (prefix: string, id: string): { readonly n: number; readonly exact: boolean } => {
  const n = numberOf(prefix, id)
  if (n !== undefined) return { n, exact: true }
  return { n: id.slice(0, 5) < `${prefix}Sm` ? -1 : Infinity, exact: false }
}
