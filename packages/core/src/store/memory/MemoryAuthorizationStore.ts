import * as Option from "effect/Option"
import { AuthorizationStore, stateAt } from "../AuthorizationStore.ts"
import { conflict } from "../StoreError.ts"
import { atomic, type MemoryState } from "./MemoryState.ts"

/** `AuthorizationStore` over the shared state. */
export const make = (state: MemoryState): AuthorizationStore["Service"] =>
  AuthorizationStore.of({
    add: (authorization) =>
      atomic(() => {
        for (const { id, stateHash } of state.authorizations.values()) {
          if (id === authorization.id || stateHash === authorization.stateHash) throw conflict("addAuthorization", "id")
        }
        state.authorizations.set(authorization.id, authorization)
      }),
    consume: (stateHash, now) =>
      atomic(() => {
        const authorization = [...state.authorizations.values()].find((one) => one.stateHash === stateHash)
        if (authorization === undefined) return Option.none()
        const was = stateAt(authorization, now)
        if (was === "fresh") {
          state.authorizations.set(authorization.id, { ...authorization, pending: new Uint8Array(), usedAt: now })
        }
        return Option.some({ authorization, was })
      }),
    removeExpired: (before) =>
      atomic(() => {
        const gone = [...state.authorizations.values()].filter(({ expiresAt }) => expiresAt <= before)
        for (const { id } of gone) state.authorizations.delete(id)
        return gone.length
      })
  })
