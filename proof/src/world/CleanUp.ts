const pending: Array<() => unknown> = []

/** Has something undone at the end, also when what comes next fails. */
export const atTheEnd = (undo: () => unknown): void => void pending.push(undo)

/** Undoes everything, the last first. */
export const cleanUp = async (): Promise<void> => {
  for (const undo of pending.splice(0).reverse()) await undo()
}
