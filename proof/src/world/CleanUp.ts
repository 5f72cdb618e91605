import { AsyncLocalStorage } from "node:async_hooks"

const everybodys: Array<() => unknown> = []
const own = new AsyncLocalStorage<Array<() => unknown>>()

/** Has something undone at the end, also when what comes next fails. */
export const atTheEnd = (undo: () => unknown): void => void (own.getStore() ?? everybodys).push(undo)

const undoAll = async (pending: Array<() => unknown>) => {
  for (const undo of pending.splice(0).reverse()) await undo()
}

/** Undoes everything that was not begun within `tidily`, the last first. */
export const cleanUp = (): Promise<void> => undoAll(everybodys)

/** Undoes what this began when it ends, and nothing of what goes on beside it. */
export const tidily = <A>(work: () => Promise<A>): Promise<A> => {
  const pending: Array<() => unknown> = []
  return own.run(pending, () => work().finally(() => undoAll(pending)))
}
