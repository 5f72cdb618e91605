export * from "./SimulatedApp.ts"
export { failing, Staff } from "./Staff.ts"
export * from "./Simulation.ts"
