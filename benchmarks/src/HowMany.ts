/** The first argument as a number of things to measure with; ends the program with a sentence when it is none. */
export const howMany = (otherwise: number): number => {
  const [, , given] = process.argv
  const count = given === undefined ? otherwise : Number(given)
  if (Number.isSafeInteger(count) && count > 0) return count
  console.error(
    `The first argument is how many to measure with, a whole number such as ${otherwise}; it is "${given}".`
  )
  process.exit(2)
}
