import type { Control } from "../../delivery/Control.ts"

/** How a receiver behaves for a while. */
export type Behaviour =
  | { readonly kind: "status"; readonly status: number; readonly retryAfterMillis?: number }
  /** No connection, a broken handshake, a request of which only half arrives, or something that is not HTTP. */
  | { readonly kind: "refused" | "tls" | "half" | "garbage" }
  /** Processes the request; the answer never comes, or is cut off. */
  | { readonly kind: "timeout" | "lost" }
  | { readonly kind: "slow"; readonly millis: number }
  /** Asks for a pause, or for silence, with `X-Crochet-Control`. */
  | { readonly kind: "control"; readonly status: number; readonly control: Control }
  /** Answers 500 to this share of the requests. */
  | { readonly kind: "flaky"; readonly share: number }
  /** Answers 500 to events of every fourth record. */
  | { readonly kind: "poison"; readonly record: number }

/** Something that happens, `at` milliseconds after the start. `org` is one of the two organisations. */
export type Incident = { readonly at: number } & (
  | { readonly do: "receiver"; readonly destination: number; readonly behaviour: Behaviour; readonly for: number }
  /** The process dies at its nth call from now on, before or after the call had its effect; the next begins `back` later. */
  | { readonly do: "crash"; readonly calls: number; readonly when: "before" | "after"; readonly back: number }
  | { readonly do: "restart"; readonly back: number }
  | { readonly do: "second"; readonly for: number; readonly graceful: boolean }
  | { readonly do: "freeze"; readonly for: number }
  | { readonly do: "skew"; readonly by: number }
  | { readonly do: "outage"; readonly for: number }
  /** The nth call of the store from now on fails without effect (`refuse`), or has its effect and fails (`echo`). */
  | { readonly do: "refuse" | "echo"; readonly calls: number }
  | { readonly do: "latency"; readonly for: number; readonly most: number }
  | { readonly do: "page"; readonly org: number; readonly pages: number; readonly fault: PageFault }
  | { readonly do: "app"; readonly org: number; readonly step: AppStep; readonly who: number }
  | { readonly do: "operator"; readonly org: number; readonly act: Act; readonly which: number }
)

/** What goes wrong with a page of the app; reasons are those of `SimulatedApp.reasons`. */
export type PageFault =
  | "RateLimited"
  | "Unavailable"
  | "Unauthorized"
  | "BadPayload"
  | "CursorExpired"
  | "cut"
  | "die"
  | "slow"

/** What happens in the app. */
export type AppStep =
  | "hire"
  | "change"
  | "rename"
  | "fire"
  | "rehire"
  | "delete"
  | "add"
  | "vanish"
  | "empty"
  | "reappear"

/** What an operator does. */
export type Act =
  | "start"
  | "delta"
  | "pauseSync"
  | "resumeSync"
  | "cancel"
  | "resync"
  | "release"
  | "discard"
  | "pauseDestination"
  | "resumeDestination"
  | "moveUrl"
  | "removeDestination"
  | "rotateSecret"
  | "retry"
  | "replay"
  | "reconnect"
  | "foreign"
