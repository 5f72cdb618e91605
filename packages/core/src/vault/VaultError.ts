import * as Schema from "effect/Schema"

/** A ciphertext does not open: it was changed, cut, moved to another row, or sealed with another key. */
export class Unreadable extends Schema.TaggedError<Unreadable>()("Unreadable", {}) {}
/** The data key is gone: what it sealed was shredded. */
export class KeyDestroyed extends Schema.TaggedError<KeyDestroyed>()("KeyDestroyed", {}) {}
/** None of the master keys is one that this database knows. */
export class WrongMasterKey extends Schema.TaggedError<WrongMasterKey>()("WrongMasterKey", {}) {}
/** The master key was one of this database's and was rotated out; `needed` is the id of the one that is in use. */
export class RetiredMasterKey extends Schema.TaggedError<RetiredMasterKey>()("RetiredMasterKey", {
  needed: Schema.String
}) {}
/** Data keys are wrapped by a master key that was not given. */
export class MissingMasterKey extends Schema.TaggedError<MissingMasterKey>()("MissingMasterKey", {
  needed: Schema.String,
  dataKeys: Schema.Int
}) {}

/** The one error of the vault; it never says what was sealed. */
export class VaultError extends Schema.TaggedError<VaultError>()("VaultError", {
  reason: Schema.Union([Unreadable, KeyDestroyed, WrongMasterKey, RetiredMasterKey, MissingMasterKey])
}) {
  override get message(): string {
    const { reason } = this
    switch (reason._tag) {
      case "Unreadable":
        return "Sealed data cannot be opened: it was changed, moved or sealed with another key"
      case "KeyDestroyed":
        return "Sealed data cannot be opened: its key was destroyed"
      case "WrongMasterKey":
        return "CROCHET_MASTER_KEY is not the key that this database was made with. Set the right key, or start with an empty database"
      case "RetiredMasterKey":
        return (
          `CROCHET_MASTER_KEY is a key that was rotated out. Set the one that is in use (id ${reason.needed}), ` +
          "and keep this one in CROCHET_MASTER_KEYS_OLD while `crochet keys status` counts data keys under it"
        )
      case "MissingMasterKey":
        return (
          `${reason.dataKeys} data keys are wrapped by a master key that was not given (id ${reason.needed}). ` +
          "Put it into CROCHET_MASTER_KEYS_OLD and run `crochet keys rotate`; afterwards it is not needed any more"
        )
    }
  }
}

/** What opened is not what was sealed. */
export const unreadable = (): VaultError => new VaultError({ reason: new Unreadable() })
