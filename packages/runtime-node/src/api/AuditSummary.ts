import { Audit, type AuditEntry } from "@crochet/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const windowLength = "1 minute"
/** Beyond so many different ones within a minute only their number is kept. */
const remembered = 1000

interface Counted {
  readonly who: Audit.Actor
  readonly action: AuditEntry.Action
  readonly target: string | null
  readonly detail: AuditEntry.Detail
  more: number
}

/**
 * Writes refused calls into the audit log without letting whoever sends them fill it: the first of a kind at once, the
 * others of the same minute as one entry with their count.
 */
export class AuditSummary extends Context.Service<
  AuditSummary,
  {
    readonly note: (
      who: Audit.Actor,
      action: AuditEntry.Action,
      target: string | null,
      detail?: AuditEntry.Detail
    ) => Effect.Effect<void>
  }
>()("@crochet/runtime-node/api/AuditSummary") {}

/** Over `Audit`; what is not written yet is written when the layer is closed. */
export const layer: Layer.Layer<AuditSummary, never, Audit.Audit> = Layer.effect(
  AuditSummary,
  Effect.gen(function* () {
    const audit = yield* Audit.Audit
    const counted = new Map<string, Counted>()
    /** The call was refused anyway, so nobody is told; the audit log itself says in the log what went wrong. */
    const write = ({ action, detail, target, who }: Counted, count: number) =>
      Effect.ignore(audit.record(who, action, target, { ...detail, count }))
    const flush = Effect.suspend(() => {
      const due = [...counted.values()].filter((one) => one.more > 0)
      counted.clear()
      return Effect.forEach(due, (one) => write(one, one.more), { discard: true })
    })
    yield* Effect.forkScoped(Effect.forever(Effect.delay(flush, windowLength)))
    yield* Effect.addFinalizer(() => flush)
    return {
      note: (who, action, target, detail = {}) =>
        Effect.suspend(() => {
          const full = counted.size >= remembered
          const key = full
            ? JSON.stringify([who.workspaceId, action])
            : JSON.stringify([who.workspaceId, who.apiKeyId, action, target, detail])
          const known = counted.get(key)
          if (known !== undefined) {
            known.more++
            return Effect.void
          }
          const one: Counted = full
            ? { who: Audit.system(who.workspaceId), action, target: null, detail: {}, more: 0 }
            : { who, action, target, detail, more: 0 }
          counted.set(key, one)
          return write(one, 1)
        })
    }
  })
)
