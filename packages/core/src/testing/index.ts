export * as StoreConformance from "./StoreConformance.ts"
export * as StoreModel from "./StoreModel.ts"
