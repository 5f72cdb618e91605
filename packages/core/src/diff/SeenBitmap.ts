import type { SeenChunk } from "../store/SyncStore.ts"

/** Ordinals per stored chunk: 32,768 bits are 4 KiB. */
export const chunkSize = 32_768

/**
 * Which records a listing has shown, one bit each: a million records are 125 KB. Touched chunks are committed with each
 * page, so that a listing goes on after a crash with what it had seen.
 */
export class SeenBitmap {
  readonly #chunks = new Map<number, Uint8Array>()
  readonly #touched = new Set<number>()
  #size = 0

  /** A bitmap with the bits that an earlier part of the run committed. */
  static from(chunks: ReadonlyArray<SeenChunk>): SeenBitmap {
    const bitmap = new SeenBitmap()
    for (const { bits, chunk } of chunks) {
      bitmap.#chunks.set(chunk, Uint8Array.from(bits))
      for (let byte of bits) for (; byte !== 0; byte &= byte - 1) bitmap.#size++
    }
    return bitmap
  }

  /** How many ordinals were seen. */
  get size(): number {
    return this.#size
  }

  has(ordinal: number): boolean {
    const bits = this.#chunks.get(Math.floor(ordinal / chunkSize))
    const at = ordinal % chunkSize
    return bits !== undefined && (bits[at >> 3]! & (1 << (at & 7))) !== 0
  }

  add(ordinal: number): void {
    const chunk = Math.floor(ordinal / chunkSize)
    let bits = this.#chunks.get(chunk)
    if (bits === undefined) this.#chunks.set(chunk, (bits = new Uint8Array(chunkSize / 8)))
    const at = ordinal % chunkSize
    const mask = 1 << (at & 7)
    if ((bits[at >> 3]! & mask) !== 0) return
    bits[at >> 3]! |= mask
    this.#size++
    this.#touched.add(chunk)
  }

  /** Copies of the chunks that changed since the last call. */
  takeTouched(): ReadonlyArray<SeenChunk> {
    const touched = Array.from(this.#touched, (chunk) => ({ chunk, bits: Uint8Array.from(this.#chunks.get(chunk)!) }))
    this.#touched.clear()
    return touched
  }
}
