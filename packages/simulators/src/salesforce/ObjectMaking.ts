import { field, type FieldDefinition } from "./FieldMaking.ts"

/** An object of the org. */
export interface ObjectDefinition {
  readonly name: string
  readonly label: string
  readonly plural: string
  readonly prefix: string
  readonly custom?: true
  /** Whether `/deleted` and `/updated` know it. */
  readonly replicateable: boolean
  /** Its records do not go to the recycle bin when they are deleted. */
  readonly binless?: true
  readonly fields: ReadonlyArray<FieldDefinition>
}

/** An object with its id and these fields. */
export const object = (
  name: string,
  prefix: string,
  fields: ReadonlyArray<ReadonlyArray<FieldDefinition>>,
  more: Partial<ObjectDefinition> = {}
): ObjectDefinition => ({
  name,
  label: name,
  plural: `${name}s`,
  prefix,
  replicateable: true,
  ...more,
  fields: [field("Id", "id", () => null, { required: true, readOnly: true }), ...fields.flat()]
})
