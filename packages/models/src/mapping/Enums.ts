const fold = (word: string): string =>
  word
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s_\-./'’–]+/gu, "")

/** A look-up from an app's own words to the members of an enum. */
export type Mapping<V extends string> = (source: string | null | undefined) => V | "NOT_SPECIFIED"

/**
 * Makes a pure look-up that never fails: what it does not know is `NOT_SPECIFIED`.
 *
 * Case, spaces, hyphens, underscores, dots, slashes and apostrophes do not count: `FULL_TIME` also stands for
 * `Full-Time`, `full time` and `Fulltime`. The members map to themselves; `words` adds the app's other words. Throws a
 * `TypeError` when two words that count as the same mean different members.
 */
export const mapping = <const V extends string>(
  members: ReadonlyArray<V>,
  words: { readonly [word: string]: NoInfer<V> | "NOT_SPECIFIED" } = {}
): Mapping<V> => {
  const known = new Map<string, V | "NOT_SPECIFIED">(members.map((member) => [fold(member), member]))
  const own = new Map<string, string>()
  for (const [word, member] of Object.entries(words)) {
    const folded = fold(word)
    const before = own.get(folded)
    if (before !== undefined && known.get(folded) !== member) {
      throw new TypeError(`${JSON.stringify(before)} and ${JSON.stringify(word)} are the same word with two meanings`)
    }
    own.set(folded, word)
    known.set(folded, member)
  }
  return remembering((word) => known.get(fold(word)) ?? "NOT_SPECIFIED")
}

/**
 * Makes a look-up for names that every account chooses for itself, by the words in them: the member of the first
 * expression that matches, `NOT_SPECIFIED` when none does. Expressions must not be global or sticky.
 */
export const matching = <const V extends string>(
  words: ReadonlyArray<readonly [words: RegExp, member: V | "NOT_SPECIFIED"]>
): Mapping<V> => remembering((name) => words.find(([words]) => words.test(name))?.[1] ?? "NOT_SPECIFIED")

/** An app says the same few words over and over, and to read them costs more than all the rest of a mapper. */
const remembering = <V extends string>(memberOf: (word: string) => V | "NOT_SPECIFIED"): Mapping<V> => {
  const said = new Map<string, V | "NOT_SPECIFIED">()
  return (source) => {
    const word = source ?? ""
    const before = said.get(word)
    if (before !== undefined) return before
    const member = memberOf(word)
    if (said.size < mostWords) said.set(word, member)
    return member
  }
}

/** Free text is not remembered for ever. */
const mostWords = 1000

/** `true` and `false`, and the words that apps use for them, as a three-valued flag. */
export const flag = (source: boolean | string | number | null | undefined): "TRUE" | "FALSE" | "NOT_SPECIFIED" =>
  flagWords(source === null || source === undefined ? source : String(source))

const flagWords = mapping(["TRUE", "FALSE"], {
  yes: "TRUE",
  y: "TRUE",
  "1": "TRUE",
  no: "FALSE",
  n: "FALSE",
  "0": "FALSE"
})
