/** A small seeded source of numbers (mulberry32): the same seed gives the same company on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  /** True in about `share` (0 to 1) of the calls. */
  chance(share: number): boolean {
    return this.next() < share
  }

  /** One of the items, all equally likely. */
  pick<A>(items: ReadonlyArray<A>): A {
    const item = items[Math.floor(this.next() * items.length)]
    if (item === undefined) throw new RangeError("nothing to pick from")
    return item
  }

  /** `length` digits. */
  digits(length: number): string {
    let text = ""
    for (let index = 0; index < length; index++) text += this.integer(0, 9)
    return text
  }
}
