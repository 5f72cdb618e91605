import type { Employee } from "./Employee.ts"
import { rate, type Read, same, type View } from "./Fields.ts"

const payRow = (employee: Employee, { company, day }: View) => company.pay(employee, day)

/** Fields of `POST /v2/datasets/employee/data`: other names for the same facts. */
export const datasetFields: ReadonlyMap<string, { readonly label: string; readonly read: Read }> = new Map<
  string,
  { readonly label: string; readonly read: Read }
>([
  ...(
    [
      ["eeid", "Employee ID", "id"],
      ["name", "Name", "fullName1"],
      ["firstNameLastName", "Name: First Last", "fullName1"],
      ["firstName", "First Name", "firstName"],
      ["middleName", "Middle Name", "middleName"],
      ["lastName", "Last Name", "lastName"],
      ["preferredName", "Preferred Name", "preferredName"],
      ["employeeNumber", "Employee #", "employeeNumber"],
      ["status", "Status", "status"],
      ["email", "Work Email", "workEmail"],
      ["homeEmail", "Home Email", "homeEmail"],
      ["workPhone", "Work Phone", "workPhone"],
      ["workExtension", "Work Ext.", "workPhoneExtension"],
      ["mobilePhone", "Mobile Phone", "mobilePhone"],
      ["homePhone", "Home Phone", "homePhone"],
      ["hireDate", "Hire Date", "hireDate"],
      ["originalHireDate", "Original Hire Date", "originalHireDate"],
      ["terminationDate", "Termination Date", "terminationDate"],
      ["dateOfBirth", "Birth Date", "dateOfBirth"],
      ["birthday", "Birthday", "birthday"],
      ["age", "Age", "age"],
      ["gender", "Gender", "gender"],
      ["maritalStatus", "Marital Status", "maritalStatus"],
      ["employeePronouns", "Pronouns", "pronouns"],
      ["ethnicity", "Ethnicity", "ethnicity"],
      ["nationality", "Nationality", "nationality"],
      ["citizenship", "Citizenship", "citizenship"],
      ["ssn", "SSN", "ssn"],
      ["addressLineOne", "Address Line 1", "address1"],
      ["addressLineTwo", "Address Line 2", "address2"],
      ["city", "City", "city"],
      ["state", "State", "state"],
      ["zipcode", "Zip Code", "zipcode"],
      ["country", "Country", "country"],
      ["linkedinUrl", "LinkedIn URL", "linkedIn"],
      ["employmentStatus", "Employment Status", "employmentHistoryStatus"],
      ["employmentStatusEffectiveDate", "Employment Status: Date", "employeeStatusDate"],
      ["jobInformationJobTitle", "Job Title", "jobTitle"],
      ["jobInformationDepartment", "Department", "department"],
      ["jobInformationDivision", "Division", "division"],
      ["jobInformationLocation", "Location", "location"],
      ["jobInformationReportsTo", "Reports To", "reportsTo"],
      ["supervisorName", "Supervisor", "reportsTo"],
      ["supervisorEid", "Supervisor EID", "supervisorEId"],
      ["supervisorId", "Supervisor ID", "supervisorId"],
      ["supervisorEmail", "Supervisor Email", "supervisorEmail"],
      ["compensationEffectiveDate", "Compensation: Date", "payRateEffectiveDate"],
      ["compensationPayType", "Pay Type", "payType"],
      ["compensationPaidPer", "Paid Per", "payPer"],
      ["compensationPaySchedule", "Pay Schedule", "paySchedule"],
      ["compensationChangeReason", "Compensation Change Reason", "payChangeReason"],
      ["compensationOvertimeStatus", "Overtime Status", "exempt"],
      ["lastChanged", "Last Changed", "lastChanged"],
      ["lastChangedIso", "Last Changed (ISO)", "lastChanged"],
      ["employeePhoto", "Photo", "photoUrl"],
      ["teams", "Teams", "teams"],
      ["customField4337", "NIN", "customNIN1"],
      ["customField4338", "Tax File Number", "customTaxFileNumber1"],
      ["customField4339", "Secondary Language", "customSecondaryLanguage1"],
      ["customField4378", "Shirt size", "customShirtsize"]
    ] as const
  ).map(([name, label, source]): [string, { label: string; read: Read }] => [name, { label, read: same(source) }]),
  ["compensationPayRate", { label: "Pay Rate", read: (e, view) => rate(payRow(e, view))?.[0] ?? null }],
  [
    "compensationPayRateCurrencyCode",
    { label: "Pay Rate - Currency Code", read: (e, view) => rate(payRow(e, view))?.[1] ?? null }
  ],
  [
    "jobInformationEffectiveDate",
    { label: "Job Information: Date", read: (e, { company, day }) => company.job(e, day)?.cells.date ?? "" }
  ],
  // Fields that every account has and that this company never filled in.
  ...[
    "middleInitial",
    "employmentStatusComment",
    "employmentStatusFTE",
    "employmentStatusTerminationReason",
    "employmentStatusTerminationType",
    "contractEndDate",
    "probationEndDate",
    "standardHoursPerWeek",
    "eeoJobCategory",
    "flsaCode",
    "genderIdentity",
    "nationalId",
    "nin",
    "sin",
    "taxId",
    "passportNumber",
    "payGroup",
    "team",
    "timezone",
    "skypeUsername",
    "facebookUrl",
    "instagramUrl",
    "pinterestUrl",
    "twitterFeed"
  ].map((name): [string, { label: string; read: Read }] => [name, { label: name, read: () => null }])
])
