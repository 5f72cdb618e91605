import { companyOf, isOver } from "../../integration/Integration.ts"
import { RevocationStore } from "../RevocationStore.ts"
import { conflict } from "../StoreError.ts"
import { atomic, type MemoryState } from "./MemoryState.ts"

/** `RevocationStore` over the shared state. */
export const make = (state: MemoryState): RevocationStore["Service"] =>
  RevocationStore.of({
    add: (revocation) =>
      atomic(() => {
        if (state.revocations.has(revocation.id)) throw conflict("addRevocation", "id")
        state.revocations.set(revocation.id, revocation)
      }),
    claim: (limit, leaseMillis) =>
      atomic((now) => {
        const due = [...state.revocations.values()]
          .filter(({ nextAttemptAt }) => nextAttemptAt <= now)
          .sort((a, b) => a.nextAttemptAt - b.nextAttemptAt || (a.id < b.id ? -1 : 1))
          .slice(0, limit)
          .map((one) => ({ ...one, attempts: one.attempts + 1, nextAttemptAt: now + leaseMillis }))
        for (const one of due) state.revocations.set(one.id, one)
        return due
      }),
    postpone: ({ attempts, id }, delayMillis) =>
      atomic((now) => {
        const found = state.revocations.get(id)
        if (found?.attempts === attempts) state.revocations.set(id, { ...found, nextAttemptAt: now + delayMillis })
      }),
    remove: (id) =>
      atomic(() => {
        state.revocations.delete(id)
      }),
    sharing: (appId, company) =>
      atomic(() =>
        [...state.integrations.values()]
          .filter((one) => {
            const theirs = companyOf(one.subject)
            return one.appId === appId && !isOver(one) && (company === null || theirs === null || theirs === company)
          })
          .sort((a, b) => (a.id < b.id ? -1 : 1))
      )
  })
