/**
 * Says whether a sequence of values has begun to repeat, in constant memory: it compares with one remembered value and
 * moves on to a later one at each power of two (Brent's cycle detection).
 */
export const make = (): ((value: string) => boolean) => {
  let remembered: string | undefined
  let steps = 0
  let stride = 1
  return (value) => {
    if (value === remembered) return true
    steps += 1
    if (steps === stride) {
      remembered = value
      stride *= 2
      steps = 0
    }
    return false
  }
}
