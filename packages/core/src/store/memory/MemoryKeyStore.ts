import * as Option from "effect/Option"
import { KeyStore } from "../KeyStore.ts"
import { atomic, type MemoryState } from "./MemoryState.ts"
import { conflict } from "../StoreError.ts"

const oldestFirst = <A extends { readonly createdAt: number; readonly id: string }>(items: ReadonlyArray<A>) =>
  items.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))

/** `KeyStore` over the shared state. */
export const make = (state: MemoryState): KeyStore["Service"] =>
  KeyStore.of({
    workspaces: atomic(() =>
      [...state.workspaces].sort(([a, atA], [b, atB]) => atA - atB || (a < b ? -1 : 1)).map(([id]) => id)
    ),
    addWorkspace: (id, createdAt) =>
      atomic(() => {
        if (!state.workspaces.has(id)) state.workspaces.set(id, createdAt)
      }),
    addApiKey: (key) =>
      atomic(() => {
        const known = [...state.apiKeys.values()].some((other) => other.id === key.id || other.hash === key.hash)
        if (known) throw conflict("addApiKey", "API key")
        state.apiKeys.set(key.id, key)
      }),
    apiKeyByHash: (hash) =>
      atomic(() => Option.fromUndefinedOr([...state.apiKeys.values()].find((key) => key.hash === hash))),
    apiKey: (workspaceId, id) =>
      atomic(() =>
        Option.filter(Option.fromUndefinedOr(state.apiKeys.get(id)), (key) => key.workspaceId === workspaceId)
      ),
    apiKeys: (workspaceId) =>
      atomic(() => oldestFirst([...state.apiKeys.values()].filter((key) => key.workspaceId === workspaceId))),
    updateApiKey: (key) =>
      atomic(() => {
        if (state.apiKeys.get(key.id)?.workspaceId === key.workspaceId) state.apiKeys.set(key.id, key)
      }),
    touchApiKeys: (lastUsed) =>
      atomic(() => {
        for (const [id, at] of lastUsed) {
          const key = state.apiKeys.get(id)
          if (key !== undefined) state.apiKeys.set(id, { ...key, lastUsedAt: Math.max(at, key.lastUsedAt ?? 0) })
        }
      }),
    addDataKey: (key) =>
      atomic(() => {
        const place = `${key.owner}|${key.ownerId}`
        const known = state.dataKeys.get(place)
        if (known === undefined) state.dataKeys.set(place, key)
        return known ?? key
      }),
    dataKey: (owner, ownerId) => atomic(() => Option.fromUndefinedOr(state.dataKeys.get(`${owner}|${ownerId}`))),
    removeDataKey: (owner, ownerId) =>
      atomic(() => {
        state.dataKeys.delete(`${owner}|${ownerId}`)
      }),
    signingKeys: (workspaceId) =>
      atomic(() => oldestFirst([...state.signingKeys.values()].filter((key) => key.workspaceId === workspaceId))),
    rotateSigningKey: ({ endEarlier, key, replaces, retiresAt }) =>
      atomic(() => {
        const { createdAt, workspaceId } = key
        const known = [...state.signingKeys.values()].filter((one) => one.workspaceId === workspaceId)
        if ((known.find((one) => one.retiresAt === null)?.id ?? null) !== replaces) return false
        for (const one of known) {
          const ends = one.retiresAt === null || (endEarlier && one.retiresAt > retiresAt) ? retiresAt : one.retiresAt
          if (ends <= createdAt) state.signingKeys.delete(one.id)
          else state.signingKeys.set(one.id, { ...one, retiresAt: ends })
        }
        state.signingKeys.set(key.id, key)
        for (const one of state.destinations.values()) {
          if (one.workspaceId !== workspaceId || !one.signatures.includes("v1a")) continue
          const updatedAt = one.updatedAt >= createdAt ? one.updatedAt + 1 : createdAt
          state.destinations.set(one.id, { ...one, updatedAt })
        }
        return true
      }),
    meta: (key) => atomic(() => Option.fromUndefinedOr(state.meta.get(key))),
    initMeta: (key, value) =>
      atomic(() => {
        const known = state.meta.get(key)
        if (known === undefined) state.meta.set(key, value)
        return known ?? value
      })
  })
