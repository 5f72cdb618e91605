import type { EventType } from "./EventType.ts"

/** What every event of a sync says about where it comes from. */
export interface EnvelopeOfSync {
  readonly eventId: string
  readonly eventType: EventType
  readonly syncType: "initial_sync" | "delta_sync"
  readonly syncDataType: string
  readonly syncJobId: string
  readonly syncRunId: string
  readonly appId: string
  readonly originOrgId: string
  /** Epoch milliseconds. */
  readonly occurredAt: number
  /** The event that a replay repeats with this one. */
  readonly replayOf?: string
}

const quoted = JSON.stringify

const stamp = (millis: number): string => new Date(millis).toISOString()

/**
 * The body of a `record.*` event. `eventData` is JSON text already: record bodies are put together from the texts that
 * were fingerprinted, so that nothing is serialised twice.
 *
 * Field order and types are Knit's (`wire.md` 3); what is ours comes last. The text is a fixed point of
 * `JSON.stringify(JSON.parse(body))`, because one published receiver serialises again before it checks the signature.
 */
export const ofRecord = (
  envelope: EnvelopeOfSync & { readonly recordId: string; readonly sequence: number },
  eventData: string
): string => forRecords(envelope)(envelope, eventData)

/** `ofRecord` for many records of one run and moment: what they share is put together once. */
export const forRecords = (shared: Omit<EnvelopeOfSync, "eventId" | "eventType" | "replayOf">) => {
  const sync =
    `,"syncType":${quoted(shared.syncType)},"syncDataType":${quoted(shared.syncDataType)},` +
    `"syncJobId":${quoted(shared.syncJobId)},"syncRunId":${quoted(shared.syncRunId)},"recordId":`
  const end = `","occurredAt":"${stamp(shared.occurredAt)}","appId":${quoted(shared.appId)},"originOrgId":${quoted(shared.originOrgId)}}`
  return (
    record: Pick<EnvelopeOfSync, "eventId" | "eventType" | "replayOf"> & {
      readonly recordId: string
      readonly sequence: number
    },
    eventData: string
  ): string =>
    `{"eventId":${quoted(record.eventId)},"eventType":${quoted(record.eventType)},"eventData":${eventData}` +
    `${sync}${quoted(record.recordId)},"sequence":"${record.sequence}` +
    `${record.replayOf === undefined ? "" : `","replayOf":"${record.replayOf}`}${end}`
}

/** The body of a `sync.*` event. */
export const ofSync = (envelope: EnvelopeOfSync, eventData: { readonly [key: string]: unknown }): string =>
  quoted({
    eventId: envelope.eventId,
    eventType: envelope.eventType,
    eventData,
    syncType: envelope.syncType,
    syncDataType: envelope.syncDataType,
    syncJobId: envelope.syncJobId,
    syncRunId: envelope.syncRunId,
    ...(envelope.replayOf === undefined ? {} : { replayOf: envelope.replayOf }),
    occurredAt: stamp(envelope.occurredAt),
    appId: envelope.appId,
    originOrgId: envelope.originOrgId
  })

/** The body of an event outside of syncs, e.g. `app.integration.activate`. */
export const plain = (
  envelope: Pick<EnvelopeOfSync, "eventId" | "eventType" | "appId" | "originOrgId" | "occurredAt">,
  eventData: { readonly [key: string]: unknown }
): string =>
  quoted({
    eventId: envelope.eventId,
    eventType: envelope.eventType,
    eventData,
    occurredAt: stamp(envelope.occurredAt),
    appId: envelope.appId,
    originOrgId: envelope.originOrgId
  })

/** The body of an event about a destination, which is about no app and no organisation. */
export const ofDestination = (
  envelope: Pick<EnvelopeOfSync, "eventId" | "eventType" | "occurredAt">,
  eventData: { readonly [key: string]: unknown }
): string => plain({ ...envelope, appId: "crochet", originOrgId: "" }, eventData)
