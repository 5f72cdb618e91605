export * as DeliveryWorld from "./DeliveryWorld.ts"
export * as Fixtures from "./store/Fixtures.ts"
export * as StoreConformance from "./StoreConformance.ts"
export * as StoreModel from "./StoreModel.ts"
