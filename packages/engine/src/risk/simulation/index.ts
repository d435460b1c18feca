export * from './difference.ts';
export * from './impact.ts';
export type { Layout } from './layout.ts';
export { type Outcome, outcomeOf, type Simulation, type SimulationOptions, simulate } from './simulate.ts';
export * from './what-if.ts';
