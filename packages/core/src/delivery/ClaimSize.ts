/** A claim that is used up within this time lets the next one be twice as large, in milliseconds. */
const quickMillis = 1000
/** So many events a destination may hold even when others hold nearly all that the process may. */
const little = 8

/** How many events to claim, were there room: none has been claimed yet for 0. */
export const wanted = (options: {
  readonly last: number
  readonly sinceMillis: number
  readonly concurrency: number
  readonly most: number
}): number => {
  const { concurrency, last, most, sinceMillis } = options
  // A destination that hangs keeps no more than its requests need.
  return last > 0 && sinceMillis < quickMillis ? Math.min(2 * last, most) : Math.min(2 * concurrency, most)
}

/**
 * How many of them there is room for. The last quarter of what a process may hold is for destinations that hold little,
 * so that the few that came first never use it all up; without any room each still has one.
 */
export const room = (options: {
  readonly wanted: number
  /** Held by the destination, and by the whole process. */
  readonly open: number
  readonly held: number
  readonly holdMost: number
  /** Whether the bodies take up all the memory that they may. */
  readonly full: boolean
}): number => {
  const { full, held, holdMost, open, wanted } = options
  const left = full ? 0 : holdMost - held
  if (left <= 0) return open === 0 ? Math.min(1, wanted) : 0
  const most = Math.max(Math.min(little - open, left), Math.floor((left - holdMost / 4) / 2), 0)
  return Math.min(wanted, most)
}
