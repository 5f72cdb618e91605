/**
 * The values of rows or parameters on their way to another thread, one after the other. All bytes among them lie in one
 * buffer, which changes hands: copied one by one, they cost more than the rest of the row, and a view would take the
 * whole buffer that it looks at along.
 */
export interface Cells {
  /** Null stands where bytes were. */
  readonly values: ReadonlyArray<unknown>
  /** Where bytes were, and where each ends in `bytes`; the first begins at 0, every other where the one before ends. */
  readonly places: Array<number>
  readonly ends: Array<number>
  readonly bytes: ArrayBuffer
}

const noBytes = new ArrayBuffer(0)

/** Packs the values. The list is left as it is. */
export const pack = (values: ReadonlyArray<unknown>): Cells => {
  let packed: Array<unknown> | undefined
  const places: Array<number> = []
  const ends: Array<number> = []
  const pieces: Array<Uint8Array> = []
  let end = 0
  for (let at = 0; at < values.length; at++) {
    const value = values[at]
    if (!(value instanceof Uint8Array)) continue
    packed ??= [...values]
    packed[at] = null
    places.push(at)
    pieces.push(value)
    end += value.byteLength
    ends.push(end)
  }
  if (packed === undefined) return { values, places, ends, bytes: noBytes }
  const bytes = new Uint8Array(end)
  for (let piece = 0; piece < pieces.length; piece++) bytes.set(pieces[piece]!, piece === 0 ? 0 : ends[piece - 1])
  return { values: packed, places, ends, bytes: bytes.buffer }
}

/** What has to change hands with a message that carries them. */
export const transfer = ({ bytes }: Cells): ReadonlyArray<ArrayBuffer> => (bytes.byteLength === 0 ? [] : [bytes])

/** The values again; their bytes are views of the one buffer. */
export const unpack = ({ bytes, ends, places, values }: Cells): ReadonlyArray<unknown> => {
  if (places.length === 0) return values
  const unpacked = [...values]
  let start = 0
  for (let piece = 0; piece < places.length; piece++) {
    const end = ends[piece]!
    unpacked[places[piece]!] = new Uint8Array(bytes, start, end - start)
    start = end
  }
  return unpacked
}
