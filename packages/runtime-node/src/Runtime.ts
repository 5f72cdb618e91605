import type { Access, Connectors, Destinations, Events, Integrations, KeyStore, Syncs } from "@crochet/core"

/** The services that the HTTP interface calls. */
export type CoreServices =
  | Access.Access
  | Connectors.Connectors
  | Destinations.Destinations
  | Events.Events
  | Integrations.Integrations
  | KeyStore.KeyStore
  | Syncs.Syncs
