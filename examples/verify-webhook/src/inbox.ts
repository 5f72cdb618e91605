import type { WebhookEvent } from "@crochet/client"

/** The events that came, by id. A real receiver has a table for this, with the id as its primary key. */
export const inbox = new Map<string, WebhookEvent>()

/**
 * Keeps an event, once: in a database `INSERT … ON CONFLICT (event_id) DO NOTHING`. The work that it causes comes later,
 * out of the table, so that Crochet has its 200 within milliseconds.
 */
export const keep = async (event: WebhookEvent): Promise<void> => {
  if (!inbox.has(event.eventId)) inbox.set(event.eventId, event)
}
