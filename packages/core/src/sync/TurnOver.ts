import * as Data from "effect/Data"

/** A run has read long enough while another one waits: it is given back where it stands, and goes on when it is its turn. */
export class TurnOver extends Data.TaggedError("TurnOver") {}
