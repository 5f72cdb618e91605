import type { DataType } from "@crochet/core"
import type { Employee } from "@crochet/models"

const date = "2026-05-01T00:00:00.000Z"
const stamp = "2026-05-01T07:25:37.000Z"
const address = {
  addressLine1: "1 Loom Street",
  addressLine2: "Floor 2",
  city: "Leeds",
  state: "West Yorkshire",
  country: "GB",
  zipCode: "LS1 4AP",
  addressType: "WORK",
  id: "a1",
  name: "Head office",
  raw: "1 Loom Street, Leeds",
  subdivisionCode: "GB-LDS"
} as const
const phone = { type: "WORK", phoneNumber: "+441134960000", extension: "12", isPrimary: "TRUE" } as const
const plan = { id: "c1", planId: "p1", planName: "Salaried" } as const
const pay = {
  amount: 65000.5,
  percentage: 10,
  currency: "GBP",
  payPeriod: "YEAR",
  payFrequency: "MONTHLY",
  startDate: date,
  endDate: date,
  isCurrent: "TRUE",
  note: "after the review"
} as const

/** An employee with a value in every field of every model. */
export const fullEmployee = {
  profile: {
    id: "42",
    employeeNumber: "E-42",
    firstName: "Ada",
    lastName: "Weaver",
    workEmail: "ada@example.com",
    startDate: date,
    birthDate: date,
    terminationDate: date,
    employmentStatus: "ACTIVE",
    employmentType: "FULL_TIME",
    maritalStatus: "MARRIED",
    gender: "FEMALE",
    middleName: "M",
    preferredName: "Ady",
    displayName: "Ada Weaver",
    pronouns: "she/her",
    username: "ada",
    avatarUrl: "https://example.com/ada.png",
    timezone: "Europe/London",
    preferredLanguage: "en-GB",
    nationality: "GB",
    originalHireDate: date,
    latestRehireDate: date,
    probationEndDate: date,
    employmentStatusDetail: "ACTIVE",
    employmentTypeDetail: "FULL_TIME",
    workerType: "EMPLOYEE",
    genderDetail: "OTHER",
    maritalStatusDetail: "NOT_MARRIED",
    weeklyHours: 37.5,
    fte: 1,
    isManager: "TRUE",
    worksRemotely: "FALSE",
    createdAt: stamp,
    updatedAt: stamp
  },
  contactInfo: {
    personalEmails: ["ada@example.org"],
    phones: [phone, phone],
    workPhones: [phone],
    emergencyContacts: [
      { name: "Bo", relation: "brother", phones: [phone], email: "bo@example.org", isPrimary: "TRUE" }
    ]
  },
  orgStructure: {
    designation: "Weaver",
    department: "Textiles",
    manager: { id: "7", workEmail: "boss@example.com" },
    departmentId: "d1",
    teamId: "t1",
    team: "Looms",
    divisionId: "v1",
    division: "North",
    businessUnitId: "b1",
    businessUnit: "Cloth",
    costCenterId: "k1",
    costCenter: "4100",
    legalEntityId: "l1",
    legalEntity: "Cloth Ltd",
    jobId: "j1",
    jobCode: "W2",
    jobLevel: "2",
    jobFamily: "Craft",
    positionId: "s1",
    directReportIds: ["43", "44"],
    matrixManagers: [{ id: "8", workEmail: "other@example.com" }]
  },
  dependents: [
    {
      id: "x1",
      firstName: "Cy",
      lastName: "Weaver",
      relation: "SON",
      birthDate: date,
      gender: "MALE",
      middleName: "N",
      relationDetail: "OTHER",
      phone,
      address,
      isStudent: "TRUE",
      isBeneficiary: "TRUE",
      nationalId: "AB123456C"
    }
  ],
  locations: {
    workAddress: address,
    presentAddress: address,
    permanentAddress: address,
    workLocationId: "w1",
    workLocationName: "Leeds",
    workLocationType: "OFFICE"
  },
  bankAccounts: [
    {
      accountNumber: "12345678",
      accountType: "CURRENT",
      bankName: "Bank of Cloth",
      routingInfo: [{ type: "SWIFT_CODE", number: "CLTHGB2L", typeDetail: "SORT_CODE" }],
      payTypes: ["ALL", "BONUS"],
      id: "b1",
      holderName: "Ada Weaver",
      currency: "GBP",
      country: "GB",
      percentage: 100,
      amount: 10.1,
      isPrimary: "TRUE"
    }
  ],
  employeeIdentificationData: [
    {
      type: "PASSPORT",
      subType: "PASSPORT",
      identificationNumber: "123456789",
      country: "GB",
      issuedAt: date,
      expiresAt: date
    }
  ],
  employeeKYC: {
    aadharNumber: "1",
    aadharURL: "https://example.com/1",
    panNumber: "2",
    panURL: "https://example.com/2"
  },
  employeeProfilePicture: { url: "https://example.com/ada.png", fileName: "ada.png", contentType: "image/png" },
  compensation: {
    fixed: [{ ...plan, type: "SALARY", ...pay }],
    variable: [{ ...plan, type: "BONUS", ...pay }],
    stock: [
      {
        id: "s1",
        planId: "p2",
        planName: "Options",
        optionType: "RSU",
        quantity: 100,
        vestingStart: date,
        vestingEnd: date,
        strikePrice: 1.5,
        currency: "GBP"
      }
    ]
  },
  deductions: [
    {
      id: "d1",
      name: "Pension",
      code: "PEN",
      benefitType: "PENSION",
      employeeAmount: 100,
      employeePercentage: 5,
      employerAmount: 100,
      employerPercentage: 5,
      currency: "GBP",
      preTax: "TRUE",
      frequency: "MONTHLY",
      startDate: date,
      endDate: date,
      annualMax: 1000
    }
  ],
  w4Data: {
    filingStatus: "SINGLE",
    multipleJobs: "FALSE",
    dependentsAmount: 0,
    otherIncome: 0,
    deductions: 0,
    extraWithholding: 0,
    exempt: "FALSE",
    effectiveDate: date
  },
  company: { id: "l1", legalName: "Cloth Ltd", displayName: "Cloth", country: "GB", currency: "GBP" },
  rawValues: {
    employmentStatus: "Active",
    employmentType: "Full-Time",
    maritalStatus: "Married",
    gender: "Female",
    workerType: "Employee",
    flsaStatus: "Exempt",
    workLocationType: "Office",
    payPeriod: "Year",
    payFrequency: "Monthly"
  },
  leaveRequests: [
    {
      id: "r1",
      startDate: date,
      endDate: date,
      requestedOn: stamp,
      note: "sea",
      status: "APPROVED",
      leaveType: { id: "1", name: "Holiday", type: "VACATION", typeDetail: "OTHER" },
      unit: "DAYS",
      amount: 2.5,
      isPaid: "TRUE",
      startHalfDay: "TRUE",
      endHalfDay: "FALSE",
      startTime: "09:00",
      endTime: "12:30",
      approverId: "7",
      decidedOn: stamp
    }
  ],
  customFields: { "Shirt size": "M", allergies: ["nuts"], level: 3 },
  employments: [
    {
      id: "e1",
      jobTitle: "Weaver",
      employmentType: "FULL_TIME",
      flsaStatus: "EXEMPT",
      effectiveDate: date,
      endDate: date,
      isPrimary: "TRUE",
      payRate: 65000.5,
      payPeriod: "YEAR",
      payFrequency: "MONTHLY",
      currency: "GBP",
      payGroupId: "g1",
      workLocationId: "w1",
      reason: "promotion"
    }
  ],
  leaveBalances: [
    {
      leaveTypeId: "1",
      name: "Holiday",
      type: "VACATION",
      unit: "DAYS",
      balance: 20,
      used: 5,
      accrued: 25,
      pending: 2.5,
      asOf: date,
      isPaid: "TRUE",
      isEligible: "TRUE"
    }
  ],
  demographics: { ethnicity: "DECLINED", ethnicityRaw: "Prefer not to say" }
} as const satisfies DataType.Input<typeof Employee>
