import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Connector, Page, Resource } from "@crochet/core"
import { Employee } from "@crochet/models"

interface Row {
  readonly id: string
  readonly number: string
  readonly first: string
  readonly last: string
  readonly email: string
  readonly hired: string
  readonly born: string
  readonly title: string
  readonly department: string
  readonly manager: string
  readonly street: string
  readonly city: string
  readonly zip: string
  readonly phone: string
  readonly custom: { readonly [label: string]: string }
}

const pageSize = 1000

/** The row of one person: about 1.2 KB of JSON, a pure function of its number. */
const rowOf = (i: number): Row => ({
  id: String(100_000 + i),
  number: `E-${i}`,
  first: `First${i % 977}`,
  last: `Last${i}`,
  email: `first${i % 977}.last${i}@company.example`,
  hired: `20${String(10 + (i % 15)).padStart(2, "0")}-0${1 + (i % 9)}-15`,
  born: `19${60 + (i % 40)}-0${1 + (i % 9)}-11`,
  title: `Senior ${["Engineer", "Analyst", "Designer", "Manager"][i % 4]} ${i % 50}`,
  department: `Department ${i % 40}`,
  manager: String(100_000 + (i % 1000)),
  street: `${i % 300} Long Street Name Avenue`,
  city: `City ${i % 120}`,
  zip: String(10_000 + (i % 80_000)),
  phone: `+1-555-${String(i % 10_000).padStart(4, "0")}`,
  custom: Object.fromEntries(Array.from({ length: 16 }, (_, field) => [`custom_field_${field}`, `Value ${field} of ${i % 5000}, chosen`]))
})

/** The text of one page, as an app would send it. */
export const pageText = (page: number, count: number): string =>
  JSON.stringify(Array.from({ length: Math.min(pageSize, count - page * pageSize) }, (_, i) => rowOf(page * pageSize + i)))

/** How many pages so many people fill. */
export const pagesOf = (count: number): number => Math.ceil(count / pageSize)

const midnight = (date: string) => `${date}T00:00:00.000Z`

/** A connector that parses generated page texts: everything of a sync but the network. */
export const generatedCompany = (count: number, textOf: (page: number) => string): Connector.Connector =>
  Connector.make({
    app: { id: "generated", name: "Generated", categories: ["HRIS"], website: "https://example.com", docs: "https://example.com" },
    auth: [{ kind: "none", id: "none", title: "None" }],
    settings: [],
    http: { baseUrl: () => "https://example.com" },
    validate: () => Effect.succeed({ name: "Generated", subject: null }),
    resources: [
      Resource.make<typeof Employee, Row>({
        dataType: Employee,
        mapperVersion: 1,
        list: (context) => {
          const from = typeof context.checkpoint === "number" ? context.checkpoint : 0
          const pages = Stream.range(from, pagesOf(count) - 1).pipe(
            Stream.rechunk(1),
            Stream.map((page): Page.Pages<Row> => Page.page(JSON.parse(textOf(page)) as ReadonlyArray<Row>, { checkpoint: page + 1 }))
          )
          return Stream.concat(pages, Stream.sync(() => context.end({ because: "all pages were made", paging: "keyset" })))
        },
        recordId: (row) => row.id,
        toRecord: (row) => ({
          profile: {
            id: row.id,
            employeeNumber: row.number,
            firstName: row.first,
            lastName: row.last,
            workEmail: row.email,
            startDate: midnight(row.hired),
            birthDate: midnight(row.born),
            employmentStatus: "ACTIVE",
            employmentType: "FULL_TIME"
          },
          orgStructure: { designation: row.title, department: row.department, manager: { id: row.manager } },
          contactInfo: { phones: [{ type: "WORK", phoneNumber: row.phone }] },
          locations: { workAddress: { addressLine1: row.street, city: row.city, zipCode: row.zip, country: "US", addressType: "WORK" } },
          customFields: row.custom
        }),
        support: {
          profile: { support: "SUPPORTED" },
          orgStructure: { support: "SUPPORTED" },
          contactInfo: { support: "SUPPORTED" },
          locations: { support: "SUPPORTED" },
          customFields: { support: "SUPPORTED" }
        }
      })
    ]
  })
