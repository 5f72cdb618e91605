/** What a receiver may ask for with `X-Crochet-Control`, on any answer. */
export type Control =
  /** No more, until somebody resumes the destination. */
  | { readonly kind: "pause" }
  /** Nothing for so long, in milliseconds. */
  | { readonly kind: "park"; readonly millis: number }

/** The header's name, lower case. */
export const header = "x-crochet-control"

/**
 * Reads the header: `pause`, or `pause; seconds=600`. Undefined for anything else: what is not understood must not stop
 * deliveries.
 */
export const parse = (value: string | undefined): Control | undefined => {
  const match = /^\s*pause\s*(?:;\s*seconds\s*=\s*(\d{1,9})\s*)?$/i.exec(value ?? "")
  if (match === null) return undefined
  return match[1] === undefined ? { kind: "pause" } : { kind: "park", millis: Number(match[1]) * 1000 }
}
