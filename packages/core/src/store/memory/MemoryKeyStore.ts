import * as Option from "effect/Option"
import { KeyStore, type StoredDataKey } from "../KeyStore.ts"
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
    addDataKey: (key, generation = 1) =>
      atomic(() => {
        const place = `${key.owner}|${key.ownerId}`
        const known = state.dataKeys.get(place) ?? []
        if (known[generation - 1] !== undefined) return known[generation - 1]!
        const active = state.meta.get("vault.master_key")
        if (active !== undefined && active !== key.masterKeyId) throw conflict("addDataKey", "master key")
        state.dataKeys.set(place, [...known, { ...key, seals: 0 }])
        return key
      }),
    dataKey: (owner, ownerId) => atomic(() => Option.fromUndefinedOr(state.dataKeys.get(`${owner}|${ownerId}`)?.[0])),
    dataKeys: (owner, ownerId) => atomic(() => state.dataKeys.get(`${owner}|${ownerId}`) ?? []),
    countSeals: (seals) =>
      atomic(() => change(state, (key) => ({ ...key, seals: key.seals + (seals.get(key.id) ?? 0) }))),
    masterKeyUse: atomic(() =>
      [...Map.groupBy([...state.dataKeys.values()].flat(), (key) => key.masterKeyId)]
        .map(([masterKeyId, keys]) => ({ masterKeyId, dataKeys: keys.length }))
        .sort((a, b) => (a.masterKeyId < b.masterKeyId ? -1 : 1))
    ),
    rewrapDataKeys: ({ after, from, limit, rewrap, to }) =>
      atomic(() => {
        const found = [...state.dataKeys.values()]
          .flat()
          .filter((key) => key.masterKeyId === from && key.id > after)
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, limit)
        const wrapped = new Map(found.map((key) => [key, rewrap(key)]))
        change(state, (key) => {
          const anew = wrapped.get(key) ?? null
          return anew === null ? key : { ...key, masterKeyId: to, wrapped: anew }
        })
        const rewrapped = [...wrapped.values()].filter((anew) => anew !== null).length
        return {
          rewrapped,
          skipped: found.length - rewrapped,
          last: found.length < limit ? null : (found.at(-1)?.id ?? null)
        }
      }),
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
      }),
    putMeta: (key, value) =>
      atomic(() => {
        state.meta.set(key, value)
      })
  })

const change = (state: MemoryState, to: (key: StoredDataKey) => StoredDataKey): void => {
  for (const [place, keys] of state.dataKeys) state.dataKeys.set(place, keys.map(to))
}
