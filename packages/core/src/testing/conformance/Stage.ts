import { connected } from "./Opening.ts"
import type { World, WorldOptions } from "./World.ts"

/** What a check wants of its world. */
export interface Wish extends Partial<WorldOptions> {
  /** Nobody else was or will be in it: for checks of how an account is connected. */
  readonly own?: boolean
  /** Baselines of others may stay: the check reads one before it begins, and leaves everything as it was. */
  readonly keeps?: boolean
  /** Every request goes to the app, even one whose answer cannot have changed. */
  readonly asks?: boolean
}

/** A world, and whether others were in it before. */
export interface Lent {
  readonly world: World
  readonly used: boolean
}

/** How much was done, for whoever wonders where the time goes. */
export interface Effort {
  worlds: number
  runs: number
  /** Of the connector. */
  requests: number
  /** Those of them that went to the app: the others' answers were known. */
  asked: number
}

/**
 * Where worlds wait to be used again. To start an app and to read all of it costs more than most checks; a check that
 * did nothing to the app gives its world back, and the next one finds it as if the account had just been connected.
 */
export class Stage {
  readonly effort: Effort = { worlds: 0, runs: 0, requests: 0, asked: 0 }
  readonly #idle = new Map<string, World>()
  readonly #connectors = new Map<object, number>()
  readonly #counted = new WeakSet<World>()
  readonly #reuses: boolean

  /** A stage that does not reuse gives every check a world of its own. */
  constructor(reuses: boolean) {
    this.#reuses = reuses
  }

  async lend(options: WorldOptions, wish: Wish): Promise<Lent> {
    const key = this.#keyOf(options)
    const idle = wish.own === true ? undefined : this.#idle.get(key)
    if (idle !== undefined) this.#idle.delete(key)
    if (idle !== undefined && wish.keeps !== true) await idle.forget()
    const world = idle ?? (await connected(options))
    idle?.pace.restart()
    world.wire.remembers = wish.asks !== true
    return { world, used: idle !== undefined }
  }

  /** Takes a world back, or ends it when it is not what it was. */
  async back(world: World, options: WorldOptions, wish: Wish, passed: boolean): Promise<void> {
    this.count(world)
    const key = this.#keyOf(options)
    if (this.#reuses && passed && wish.own !== true && !world.touched && !this.#idle.has(key)) {
      await world.heal()
      if (world.wire.open === 0) return void this.#idle.set(key, world)
    }
    await world.close()
  }

  /** Adds what was done in a world. */
  count(world: World): void {
    if (!this.#counted.has(world)) this.effort.worlds++
    this.#counted.add(world)
    this.effort.runs += world.runs
    this.effort.requests += world.wire.made.all
    this.effort.asked += world.wire.made.asked
    world.runs = 0
    Object.assign(world.wire.made, { all: 0, asked: 0 })
  }

  /** Ends all worlds. */
  async close(): Promise<void> {
    const all = [...this.#idle.values()]
    this.#idle.clear()
    for (const world of all) await world.close()
  }

  #keyOf({ connector, listening, records, seed, skewMillis }: WorldOptions): string {
    if (!this.#connectors.has(connector)) this.#connectors.set(connector, this.#connectors.size)
    return JSON.stringify([this.#connectors.get(connector), listening, records, seed, skewMillis])
  }
}
