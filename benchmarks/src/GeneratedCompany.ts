import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Connector, Page, Resource } from "@crochet/core"
import { Employee } from "@crochet/models"

const pageSize = 1000

/**
 * The row of one person: about 1.2 KB of JSON as HR systems send it, short fields with an address, phones and history
 * rows among them. A pure function of its number.
 */
const rowOf = (i: number) => ({
  id: String(100_000 + i),
  employeeNumber: `E-${i}`,
  status: "Active",
  firstName: `First${i % 977}`,
  middleName: null,
  lastName: `Last${i}`,
  workEmail: `first${i % 977}.last${i}@company.example`,
  homeEmail: `last${i}@home.example`,
  phones: [
    { type: "WORK", number: `+1-555-${String(i % 10_000).padStart(4, "0")}` },
    { type: "PERSONAL", number: `+1-556-${String(i % 10_000).padStart(4, "0")}` }
  ],
  hireDate: `20${10 + (i % 15)}-0${1 + (i % 9)}-15`,
  terminationDate: null,
  dateOfBirth: `19${60 + (i % 40)}-0${1 + (i % 9)}-11`,
  gender: i % 2 === 0 ? "Female" : "Male",
  nationality: "US",
  timezone: "America/Denver",
  jobTitle: `Senior ${["Engineer", "Analyst", "Designer", "Manager"][i % 4]} ${i % 50}`,
  department: { id: i % 40, name: `Department ${i % 40}` },
  division: { id: i % 8, name: `Division ${i % 8}` },
  costCenter: `CC-${i % 90}`,
  supervisor: { id: String(100_000 + (i % 1000)), email: `boss${i % 1000}@company.example` },
  address: {
    line1: `${i % 300} Long Street`,
    line2: `Apt ${i % 60}`,
    city: `City ${i % 120}`,
    state: "UT",
    zip: String(10_000 + (i % 80_000)),
    country: "US"
  },
  jobs: [
    { id: i * 2, date: "2021-03-01", title: `Engineer ${i % 50}`, location: `Office ${i % 20}`, current: false },
    { id: i * 2 + 1, date: "2024-02-01", title: `Senior ${i % 50}`, location: `Office ${i % 20}`, current: true }
  ],
  pay: [{ id: i, start: "2024-02-01", rate: 60_000 + (i % 900) * 100, currency: "USD", per: "Year" }],
  linkedIn: `https://www.linkedin.example/in/first${i % 977}-last${i}`,
  weeklyHours: 40,
  isManager: i % 9 === 0,
  custom: { shirt: ["S", "M", "L", "XL"][i % 4]!, badge: `B${i * 7}` },
  lastChanged: "2026-05-01T07:25:37.000Z"
})

type Row = ReturnType<typeof rowOf>

/** The text of one page, as an app would send it. */
export const pageText = (page: number, count: number): string =>
  JSON.stringify(
    Array.from({ length: Math.min(pageSize, count - page * pageSize) }, (_, i) => rowOf(page * pageSize + i))
  )

/** How many pages so many people fill. */
export const pagesOf = (count: number): number => Math.ceil(count / pageSize)

const midnight = (date: string) => `${date}T00:00:00.000Z`

/** A connector that parses generated page texts: everything of a sync but the network. */
export const generatedCompany = (count: number, textOf: (page: number) => string): Connector.Connector =>
  Connector.make({
    app: {
      id: "generated",
      name: "Generated",
      categories: ["HRIS"],
      website: "https://example.com",
      docs: "https://example.com"
    },
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
            Stream.map((page): Page.Pages<Row> =>
              Page.page(JSON.parse(textOf(page)) as ReadonlyArray<Row>, { checkpoint: page + 1 })
            )
          )
          return Stream.concat(
            pages,
            Stream.sync(() => context.end({ because: "all pages were made", paging: "keyset" }))
          )
        },
        recordId: (row) => row.id,
        toRecord: (row) => ({
          profile: {
            id: row.id,
            employeeNumber: row.employeeNumber,
            firstName: row.firstName,
            middleName: row.middleName,
            lastName: row.lastName,
            workEmail: row.workEmail,
            startDate: midnight(row.hireDate),
            birthDate: midnight(row.dateOfBirth),
            employmentStatus: "ACTIVE",
            gender: row.gender === "Female" ? "FEMALE" : "MALE",
            nationality: row.nationality,
            timezone: row.timezone,
            weeklyHours: row.weeklyHours,
            isManager: row.isManager ? "TRUE" : "FALSE"
          },
          orgStructure: {
            designation: row.jobTitle,
            department: row.department.name,
            departmentId: String(row.department.id),
            division: row.division.name,
            divisionId: String(row.division.id),
            costCenter: row.costCenter,
            manager: { id: row.supervisor.id, workEmail: row.supervisor.email }
          },
          contactInfo: {
            personalEmails: [row.homeEmail],
            phones: row.phones.map(({ number, type }) => ({
              type: type === "WORK" ? "WORK" : "PERSONAL",
              phoneNumber: number
            }))
          }
        }),
        support: {
          profile: { support: "SUPPORTED" },
          orgStructure: { support: "SUPPORTED" },
          contactInfo: { support: "SUPPORTED" }
        }
      })
    ]
  })
