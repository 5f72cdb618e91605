import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Connector, Page, Resource } from "@crochet/core"
import { Employee } from "@crochet/models"

const pageSize = 1000

/** The row of one person: about 1.2 KB of JSON in 46 short fields, as HR systems send them; a function of its number. */
const rowOf = (i: number) => ({
  id: String(100_000 + i),
  employeeNumber: `E-${i}`,
  status: "Active",
  firstName: `First${i % 977}`,
  middleName: `M${i % 26}`,
  lastName: `Last${i}`,
  preferredName: null,
  displayName: `First${i % 977} Last${i}`,
  workEmail: `first${i % 977}.last${i}@company.example`,
  homeEmail: `last${i}@home.example`,
  workPhone: `+1-555-${String(i % 10_000).padStart(4, "0")}`,
  mobilePhone: `+1-556-${String(i % 10_000).padStart(4, "0")}`,
  hireDate: `20${10 + (i % 15)}-0${1 + (i % 9)}-15`,
  originalHireDate: `20${10 + (i % 15)}-0${1 + (i % 9)}-15`,
  terminationDate: null,
  dateOfBirth: `19${60 + (i % 40)}-0${1 + (i % 9)}-11`,
  gender: i % 2 === 0 ? "Female" : "Male",
  maritalStatus: "Married",
  nationality: "US",
  preferredLanguage: "en",
  timezone: "America/Denver",
  jobTitle: `Senior ${["Engineer", "Analyst", "Designer", "Manager"][i % 4]} ${i % 50}`,
  jobCode: `J${i % 400}`,
  department: `Department ${i % 40}`,
  departmentId: String(i % 40),
  division: `Division ${i % 8}`,
  divisionId: String(i % 8),
  costCenter: `CC-${i % 90}`,
  team: `Team ${i % 200}`,
  supervisorId: String(100_000 + (i % 1000)),
  supervisorEmail: `boss${i % 1000}@company.example`,
  location: `Office ${i % 20}`,
  locationId: String(i % 20),
  address1: `${i % 300} Long Street Name`,
  address2: `Apt ${i % 60}`,
  city: `City ${i % 120}`,
  state: "UT",
  zipcode: String(10_000 + (i % 80_000)),
  country: "US",
  weeklyHours: 40,
  isManager: i % 9 === 0,
  shirtSize: ["S", "M", "L", "XL"][i % 4]!,
  badge: `B${i * 7}`,
  linkedIn: `https://www.linkedin.example/in/first${i % 977}-last${i}`,
  photoUrl: `https://photos.example/${100_000 + i}/large.png`,
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
            displayName: row.displayName,
            workEmail: row.workEmail,
            startDate: midnight(row.hireDate),
            originalHireDate: midnight(row.originalHireDate),
            birthDate: midnight(row.dateOfBirth),
            employmentStatus: "ACTIVE",
            gender: row.gender === "Female" ? "FEMALE" : "MALE",
            maritalStatus: "MARRIED",
            nationality: row.nationality,
            preferredLanguage: row.preferredLanguage,
            timezone: row.timezone,
            weeklyHours: row.weeklyHours,
            isManager: row.isManager ? "TRUE" : "FALSE"
          },
          orgStructure: {
            designation: row.jobTitle,
            department: row.department,
            departmentId: row.departmentId,
            division: row.division,
            divisionId: row.divisionId,
            costCenter: row.costCenter,
            team: row.team,
            jobCode: row.jobCode,
            manager: { id: row.supervisorId, workEmail: row.supervisorEmail }
          },
          contactInfo: {
            personalEmails: [row.homeEmail],
            phones: [
              { type: "WORK", phoneNumber: row.workPhone },
              { type: "PERSONAL", phoneNumber: row.mobilePhone }
            ]
          },
          locations: {
            workLocationId: row.locationId,
            workLocationName: row.location,
            permanentAddress: {
              addressLine1: row.address1,
              addressLine2: row.address2,
              city: row.city,
              state: row.state,
              zipCode: row.zipcode,
              country: row.country,
              addressType: "HOME_PERMANENT"
            }
          },
          customFields: { shirtSize: row.shirtSize, badge: row.badge }
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
