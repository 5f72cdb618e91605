import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { AuthorizationStore, stateAt } from "../store/AuthorizationStore.ts"
import type { Database } from "./Database.ts"
import { authorizations } from "./Tables.ts"

/** `AuthorizationStore` on SQL. */
export const make = ({ dialect, read, sql, write }: Database): AuthorizationStore["Service"] =>
  AuthorizationStore.of({
    add: (authorization) =>
      read(
        "addAuthorization",
        Effect.asVoid(
          dialect.insert("authorizations", authorizations.columns, [authorizations.encode(authorization)], "")
        )
      ),
    consume: (stateHash, now) =>
      write(
        "consumeAuthorization",
        Effect.gen(function* () {
          const [row] = yield* sql`SELECT ${sql.literal(authorizations.select())} FROM authorizations
            WHERE state_hash = ${stateHash} ${dialect.forUpdate()}`
          if (row === undefined) return Option.none()
          const authorization = authorizations.decode(row)
          const was = stateAt(authorization, now)
          if (was === "fresh") {
            yield* sql`UPDATE authorizations SET used_at = ${now}, pending = ${new Uint8Array()}
              WHERE id = ${authorization.id}`
          }
          return Option.some({ authorization, was })
        })
      ),
    removeExpired: (before) =>
      read(
        "removeExpiredAuthorizations",
        dialect.affected(sql`DELETE FROM authorizations WHERE expires_at <= ${before}`)
      )
  })
