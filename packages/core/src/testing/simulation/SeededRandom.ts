/** A stream of random numbers that follows from a seed and a label: another stream's draws never shift this one's. */
export class SeededRandom {
  #state: number

  constructor(seed: number, label: string) {
    // FNV-1a over the label, mixed with the seed: neighbouring seeds give unrelated streams.
    let hash = 0x811c9dc5 ^ (seed | 0) ^ Math.imul(Math.floor(seed / 4294967296), 0x9e3779b1)
    for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193)
    this.#state = hash | 0
    for (let i = 0; i < 3; i++) this.next()
  }

  /** A number in [0, 1): mulberry32, 32 bits of state, by Tommy Ettinger (public domain). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number in [low, high). */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low))
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** One of the items; there must be some. */
  pick<A>(items: ReadonlyArray<A>): A {
    return items[this.between(0, items.length)]!
  }

  /** So many bytes. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i++) bytes[i] = this.between(0, 256)
    return bytes
  }
}
