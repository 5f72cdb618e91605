/** Who wants to pass. */
export interface Party {
  readonly workspaceId: string
  readonly destinationId: string
}

/**
 * A limit of what is under way in the whole process. Below it everybody passes at once. At the limit whatever gets free
 * goes to the workspaces in turn, and within one to its destinations in turn, so that nobody's backlog is in the way of
 * anybody else. Each step takes constant time.
 */
export interface FairGate {
  /** Passes when nobody has to wait. */
  readonly tryEnter: () => boolean
  /** True when the party may pass now; else `pass` is called when its turn comes, unless it was withdrawn. */
  readonly enter: (party: Party, pass: () => void) => boolean
  /** Takes back a `pass` that waits; false when it was called already. */
  readonly withdraw: (party: Party, pass: () => void) => boolean
  /** Gives back what one `enter` got. */
  readonly leave: () => void
  readonly size: () => number
  readonly waiting: () => number
}

type Queues = Map<string, Set<() => void>>

/** Takes the first key of the map; the map is a ring in which what was served goes to the end. */
const first = <A>(ring: Map<string, A>): readonly [string, A] | undefined => ring.entries().next().value

/** Makes a gate that lets `limit` parties pass at once. */
export const make = (limit: number): FairGate => {
  const workspaces = new Map<string, Queues>()
  let size = 0
  let waiting = 0

  const next = (): (() => void) | undefined => {
    const workspace = first(workspaces)
    if (workspace === undefined) return undefined
    const [workspaceId, destinations] = workspace
    const [destinationId, queue] = first(destinations)!
    const pass = queue.values().next().value!
    queue.delete(pass)
    destinations.delete(destinationId)
    if (queue.size > 0) destinations.set(destinationId, queue)
    workspaces.delete(workspaceId)
    if (destinations.size > 0) workspaces.set(workspaceId, destinations)
    waiting--
    return pass
  }

  const tryEnter = () => {
    if (size >= limit) return false
    size++
    return true
  }

  return {
    tryEnter,
    enter: ({ destinationId, workspaceId }, pass) => {
      if (tryEnter()) return true
      let destinations = workspaces.get(workspaceId)
      if (destinations === undefined) workspaces.set(workspaceId, (destinations = new Map()))
      const queue = destinations.get(destinationId)
      if (queue === undefined) destinations.set(destinationId, new Set([pass]))
      else queue.add(pass)
      waiting++
      return false
    },
    withdraw: ({ destinationId, workspaceId }, pass) => {
      const destinations = workspaces.get(workspaceId)
      const queue = destinations?.get(destinationId)
      if (destinations === undefined || queue?.delete(pass) !== true) return false
      waiting--
      if (queue.size === 0) destinations.delete(destinationId)
      if (destinations.size === 0) workspaces.delete(workspaceId)
      return true
    },
    leave: () => {
      const pass = next()
      // The place goes on to whoever is next.
      if (pass === undefined) size--
      else pass()
    },
    size: () => size,
    waiting: () => waiting
  }
}
