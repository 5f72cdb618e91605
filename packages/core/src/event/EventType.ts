/** Every event type that Crochet sends (`wire.md` 3). */
export const eventTypes = [
  "record.new",
  "record.modified",
  "record.deleted",
  "sync.events.processed",
  "sync.events.allEmitted",
  "sync.events.allConsumed",
  "sync.events.incomplete",
  "sync.failed",
  "app.integration.activate",
  "integration.needs_reconnect",
  "integration.reconnected",
  "integration.deactivated",
  "destination.paused",
  "destination.resumed",
  "webhook.test"
] as const
/** An event type. */
export type EventType = (typeof eventTypes)[number]

/** Whether the event carries a record. */
export const isRecordEvent = (type: EventType): boolean => type.startsWith("record.")
