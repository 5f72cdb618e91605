import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import type { DataType, Input } from "../model/DataType.ts"
import type { Support } from "../model/Support.ts"
import type { ConnectorError } from "./ConnectorError.ts"
import type { End, Pages, Paging } from "./Page.ts"
import type { ProviderClient } from "./ProviderClient.ts"

/** What a run asks of a resource. */
export interface ResourceContext {
  readonly client: ProviderClient
  /** Ids of the subscribed models: what is not subscribed to need not be fetched. */
  readonly models: ReadonlySet<string>
  /** Native filters, as declared by the resource and checked by the engine. */
  readonly filters: { readonly [id: string]: string }
  /** Extra query, body and headers for the listing, as the caller of `sync.start` gave them. */
  readonly passthrough: {
    readonly query: { readonly [name: string]: string }
    readonly body: { readonly [name: string]: unknown }
    readonly headers: { readonly [name: string]: string }
  }
  readonly includeInactive: boolean
  /** The checkpoint of the last page that was committed, when a run goes on after a crash; otherwise null. */
  readonly checkpoint: unknown
  /** Reports something that a person should know but that does not stop the run, e.g. a table without permission. */
  readonly issue: (issue: {
    readonly code: string
    readonly message: string
    readonly model?: string
  }) => Effect.Effect<void>
  /** Mints the proof of completeness for custom code, which must say why it believes so. */
  readonly end: (options: { readonly because: string; readonly paging: Paging; readonly cursor?: string }) => End
}

/** A filter that the app itself applies. */
export interface NativeFilter {
  readonly id: string
  readonly label: string
  readonly help: string
  readonly values?: ReadonlyArray<string>
}

/** What a connector does with one model. `fields` names the exceptions and details, field by field. */
export interface ModelSupport {
  readonly support: Support
  readonly fields?: { readonly [field: string]: Support }
}

/** Changes since a cursor, with deletions where the app reports them. */
export interface Changes<Raw> {
  /** The cursor that a delta may start from; asked for before an initial listing begins, so that nothing falls between. */
  readonly start: (context: ResourceContext) => Effect.Effect<string, ConnectorError>
  /** Streams what changed since the cursor; `End.cursor` is where the next delta starts. */
  readonly fetch: (context: ResourceContext, cursor: string) => Stream.Stream<Pages<Raw>, ConnectorError>
}

/** How a connector reads one data type. */
export interface Resource<D extends DataType, Raw> {
  readonly dataType: D
  /** Grows when `toRecord` changes: unchanged raw rows are then re-mapped silently, without a storm of events. */
  readonly mapperVersion: number
  /** Everything, page by page, then `End`. */
  readonly list: (context: ResourceContext) => Stream.Stream<Pages<Raw>, ConnectorError>
  readonly changes?: Changes<Raw>
  /** One record; `None` when the app says that it is gone. */
  readonly get?: (context: ResourceContext, recordId: string) => Effect.Effect<Option.Option<Raw>, ConnectorError>
  /** The record's id in the app, a non-empty string. */
  readonly recordId: (raw: Raw) => string
  /** Pure: raw row to common model. Throwing quarantines the row and reports it. */
  readonly toRecord: (raw: Raw) => Input<D>
  /** When the app last changed the row (epoch milliseconds); the newest of two rows with one id wins. */
  readonly updatedAt?: (raw: Raw) => number | undefined
  /** What must never count as a change: top-level keys of the raw row, and `model.field` paths of the record. */
  readonly volatile?: { readonly raw?: ReadonlyArray<string>; readonly record?: ReadonlyArray<string> }
  /** Which models the connector reads, by event key; what is not named is `UNKNOWN`. */
  readonly support: { readonly [modelKey: string]: ModelSupport }
  readonly filters?: ReadonlyArray<NativeFilter>
  /** Whether `passthrough` filters are honoured. Default false. */
  readonly passthrough?: boolean
}

/** A resource whose raw type is hidden, as connectors list them. */
export interface AnyResource extends Resource<DataType, unknown> {}

/** Declares a resource with its raw type inferred, and hides the type. */
export const make = <D extends DataType, Raw>(resource: Resource<D, Raw>): AnyResource =>
  // The engine only hands a resource rows that this very resource streamed, so hiding Raw is sound.
  resource as unknown as AnyResource
