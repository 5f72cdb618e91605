import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaJITCompiler from "effect/schema/SchemaJITCompiler"
import { type Fill, fillOf } from "./CanonicalFill.ts"
import { type Reader, readerOf } from "./CanonicalReader.ts"

export { annotationKey, type Fill } from "./CanonicalFill.ts"

/**
 * The same codec, several times faster: one pass fills in the defaults of all fields at every depth, in the schema's
 * order, then one compiled check. Without it every field is a transformation of its own.
 *
 * A schema with transformations other than `Field`'s is returned as it is. Where generating code is forbidden (a strict
 * Content-Security-Policy) Effect interprets the check: slower, with the same result.
 */
export const codec = <A, I>(schema: Schema.Codec<A, I>): Schema.Codec<A, I> => {
  const fill = fillOf(schema.ast)
  if (fill === undefined) return schema
  const anything = Schema.make<Schema.Codec<I>>(Schema.Unknown.ast)
  const fast = anything.pipe(
    Schema.decodeTo(Schema.toType(schema), {
      // The check of the type side runs on what this returns, so the claim that it is an A is verified right after.
      decode: SchemaGetter.transform((value: I) => fill(value) as A),
      // Every field's type is contained in its encoded form: nothing is transformed on the way back.
      encode: SchemaGetter.transform((value: A) => value as unknown as I)
    })
  )
  SchemaJITCompiler.enable(fast.ast)
  known.set(fast, { ast: schema.ast, fill, reader: undefined })
  return fast
}

/** What `codec` knows about the codecs that it made; the reader is there once it was needed. */
const known = new WeakMap<object, { readonly ast: SchemaAST.AST; readonly fill: Fill; reader: Reader | undefined }>()

/**
 * A decoder of a codec that `codec` made: one generated pass, and the whole decoder only for what does not fit, to say
 * why. A third of the time of the decoder for records that fit, as nearly all do. Throws `SchemaError`.
 */
export const decoder = <A>(schema: Schema.Codec<A, unknown>): ((input: unknown) => A) => {
  const decode = Schema.decodeUnknownSync(schema)
  const made = known.get(schema)
  if (made === undefined) return decode
  // On first use, and once for all runs: most models of a program are never read.
  const reader = () => (made.reader ??= readerOf(made.ast) ?? filledAndChecked(schema, made.fill))
  return (input) => {
    const read = (made.reader ?? reader())(input)
    // The reader has made the checks of the schema's type side.
    return read === undefined ? decode(input) : (read as A)
  }
}

const filledAndChecked = (schema: Schema.Top, fill: Fill): Reader => {
  const type = Schema.toType(schema)
  SchemaJITCompiler.enable(type.ast)
  const fits = Schema.is(type)
  return (input) => {
    const filled = fill(input)
    return fits(filled) ? filled : undefined
  }
}
