import type { BehaviourCount } from './kept/index.ts';

/** Whether those who learn here know that something is done. */
export type Knows = (told: BehaviourCount) => boolean;

/** Leaves examples out of what is known: nearly all of what batches tell is, and an example is most of what is stored of it. */
export const leaveOutKnown = (behaviours: readonly BehaviourCount[], knows: Knows): BehaviourCount[] =>
  behaviours.map((one) => (knows(one) ? withoutExample(one) : one));

const withoutExample = ({ example: _, ...told }: BehaviourCount): BehaviourCount => told;
