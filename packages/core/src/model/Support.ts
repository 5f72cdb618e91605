/**
 * What a connector does with a model, a field or a call.
 *
 * `UNSUPPORTED`: the app has no such thing. `NOT_IMPLEMENTED`: the app has it, the connector does not read it.
 * `UNKNOWN`: nobody has looked. The two refusals are kept apart on the wire as `capability.unsupported` and
 * `capability.not_implemented`.
 */
export type Support = "SUPPORTED" | "UNSUPPORTED" | "NOT_IMPLEMENTED" | "UNKNOWN"
