import { assert, describe, it } from "@effect/vitest"
import { Enums, Hris } from "@crochet/models"

describe("Enums.mapping", () => {
  const employmentType = Enums.mapping(Hris.EmploymentType, { "Fixed term": "CONTRACT", Casual: "NOT_SPECIFIED" })

  it("knows the members and the app's words, whatever their case and spacing", () => {
    for (const source of ["FULL_TIME", "Full-Time", "full time", " Fulltime ", "FULL TIME", "full\u00a0time"]) {
      assert.strictEqual(employmentType(source), "FULL_TIME", source)
    }
    assert.strictEqual(employmentType("fixed-term"), "CONTRACT")
    assert.strictEqual(employmentType("Casual"), "NOT_SPECIFIED")
  })

  it("answers NOT_SPECIFIED for the rest, also for names that objects inherit", () => {
    for (const source of [null, undefined, "", "Intern", "constructor", "__proto__", "toString"]) {
      assert.strictEqual(employmentType(source), "NOT_SPECIFIED", String(source))
    }
  })

  it("answers the same when it is asked again, also after more words than it remembers", () => {
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 1500; i++) assert.strictEqual(employmentType(`word ${i}`), "NOT_SPECIFIED")
      for (const source of ["Full-Time", "FULL-TIME", "fixed term", "P a r t time"]) {
        assert.strictEqual(
          employmentType(source),
          source.startsWith("f") ? "CONTRACT" : source.startsWith("P") ? "PART_TIME" : "FULL_TIME"
        )
      }
    }
  })

  it("refuses two meanings of one word, and lets the app's word override a member", () => {
    assert.throws(() => Enums.mapping(["A", "B"], { "x y": "A", "X-Y": "B" }), /x y.*X-Y/)
    assert.strictEqual(Enums.mapping(["A", "B"], { "x y": "A", "X-Y": "A" })("xy"), "A")
    assert.strictEqual(Enums.mapping(["A", "B"], { a: "B" })("A"), "B")
  })
})

describe("Enums.matching", () => {
  it("answers the first whose words are in the name, the same when it is asked again", () => {
    const leave = Enums.matching([
      [/\bsick\b/i, "SICK"],
      [/\bleave\b/i, "OTHER"]
    ])
    for (let round = 0; round < 2; round++) {
      assert.strictEqual(leave("Sick leave"), "SICK")
      assert.strictEqual(leave("Garden LEAVE"), "OTHER")
      for (const none of [null, undefined, "", "seasick"])
        assert.strictEqual(leave(none), "NOT_SPECIFIED", String(none))
    }
  })
})

describe("Enums.flag", () => {
  it("reads booleans, numbers and words", () => {
    for (const yes of [true, "true", "Yes", "Y", "1", 1]) assert.strictEqual(Enums.flag(yes), "TRUE", String(yes))
    for (const no of [false, "False", "no", "N", "0", 0]) assert.strictEqual(Enums.flag(no), "FALSE", String(no))
    for (const other of [null, undefined, "", "maybe", 2])
      assert.strictEqual(Enums.flag(other), "NOT_SPECIFIED", String(other))
  })
})
