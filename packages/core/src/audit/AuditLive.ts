import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Audit } from "../service/Audit.ts"
import { orRefuse, Refusal } from "../service/Refusal.ts"
import { AuditStore } from "../store/AuditStore.ts"
import { Vault } from "../vault/Vault.ts"
import { type AuditEntry, type Break, breakAt, hashOf, type Head, start } from "./AuditEntry.ts"

const stepLength = 1000

/** The audit log in its store; chains are hashed with a key of the workspace. */
export const layer: Layer.Layer<Audit, never, AuditStore | Vault> = Layer.effect(
  Audit,
  Effect.gen(function* () {
    const store = yield* AuditStore
    const vault = yield* Vault
    const fingerprinter = (workspaceId: string) =>
      Effect.map(
        vault.sealer({ owner: "workspace", ownerId: workspaceId, workspaceId }),
        (sealer) => sealer.fingerprint
      )

    return Audit.of({
      record: Effect.fn("Audit.record")(
        function* ({ apiKeyId, workspaceId }, action, target, detail = {}) {
          const fingerprint = yield* fingerprinter(workspaceId)
          const at = yield* Clock.currentTimeMillis
          const written = yield* store.append(workspaceId, ({ hash: previousHash, position }): AuditEntry => {
            const entry = {
              workspaceId,
              position: position + 1,
              at,
              actor: apiKeyId,
              action,
              target,
              detail,
              previousHash
            }
            return { ...entry, hash: hashOf(fingerprint, entry) }
          })
          // The log of the process is a second witness, which a thief of the database does not have.
          yield* Effect.logInfo("Audit").pipe(
            Effect.annotateLogs({
              workspaceId,
              position: written.position,
              action,
              actor: apiKeyId,
              target,
              hash: written.hash
            })
          )
        },
        (effect) =>
          Effect.catch(effect, (error) =>
            Effect.andThen(
              Effect.logError("The audit log could not be written", error),
              Effect.fail(
                new Refusal({
                  kind: "unavailable",
                  code: "audit.unwritten",
                  msg: "The call was carried out, but the audit log could not be written.",
                  resolution: "Look at what it changed before you send it again, and at the server's log for the cause."
                })
              )
            )
          )
      ),
      list: (filter, request) => orRefuse(store.list(filter, request)),
      verify: Effect.fn("Audit.verify")(function* (workspaceId) {
        const fingerprint = yield* fingerprinter(workspaceId)
        let head: Head = start
        for (;;) {
          const entries: ReadonlyArray<AuditEntry> = yield* store.entries(workspaceId, head.position, stepLength)
          for (const entry of entries) {
            const broken: Break | null = breakAt(fingerprint, head, entry)
            if (broken !== null) return { workspaceId, entries: head.position, head, broken }
            head = { position: entry.position, hash: entry.hash }
          }
          if (entries.length < stepLength) return { workspaceId, entries: head.position, head, broken: null }
        }
      }, orRefuse)
    })
  })
)
