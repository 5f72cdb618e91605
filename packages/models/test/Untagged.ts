import { Sensitivity } from "@crochet/core"
import { Schema, type SchemaAST } from "effect"

/** Paths of the values of a schema that say nothing of their sensitivity, by themselves or through what they are in. */
export const untagged = (ast: SchemaAST.AST, path: string, inherited = false): ReadonlyArray<string> => {
  const tagged = inherited || Schema.resolveAnnotations(Schema.make(ast))?.[Sensitivity.annotationKey] !== undefined
  switch (ast._tag) {
    case "Objects":
      return [
        ...ast.propertySignatures.flatMap(({ name, type }) => untagged(type, `${path}.${String(name)}`)),
        ...(tagged ? [] : ast.indexSignatures.map(() => `${path}.*`))
      ]
    case "Arrays":
      return ast.rest.flatMap((item) => untagged(item, `${path}[]`, tagged))
    case "Union": {
      const structured = ast.types.filter((member) => member._tag === "Objects" || member._tag === "Arrays")
      if (structured.length > 0) return structured.flatMap((member) => untagged(member, path, tagged))
      return tagged ? [] : [path]
    }
    default:
      return tagged ? [] : [path]
  }
}
