export { guardOfCall } from './guard-of-call.ts';
export {
  DEFAULT_LADDER,
  Ladder,
  type LadderSettings,
  type LadderSign,
  type LadderStep,
  RUNGS,
  type Rung,
} from './ladder.ts';
