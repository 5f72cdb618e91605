/** A number in [0, 1) that depends on nothing but the seed and the coordinates. */
export type Dice = (...coordinates: ReadonlyArray<number>) => number

/**
 * Dice that always fall the same way for the same seed. Unlike a generator they have no order of throws, so any
 * employee at any time can be computed alone.
 */
export const make = (seed: string): Dice => {
  let start = seed.length
  for (const character of seed) start = mix(start, character.codePointAt(0) ?? 0)
  return (...coordinates) => (coordinates.reduce(mix, start) >>> 0) / 2 ** 32
}

/** Multiply and shift, as in the finalisers of common hash functions: every bit of both comes to bear on every bit. */
const mix = (hash: number, value: number): number => {
  let mixed = Math.imul(hash ^ value, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca77)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae3d)
  return mixed ^ (mixed >>> 16)
}

/** One member of a non-empty list. */
export const pick = <const L extends readonly [unknown, ...ReadonlyArray<unknown>]>(
  list: L,
  throwOf: number
): L[number] => list[Math.floor(throwOf * list.length)] ?? list[0]

/** A whole number from `least` to `most`, both included. */
export const between = (least: number, most: number, throwOf: number): number =>
  least + Math.floor(throwOf * (most - least + 1))
