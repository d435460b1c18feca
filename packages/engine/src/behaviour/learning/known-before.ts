import type { Behaviour } from '@breakwater/model';

/** One thing that a container may do because somebody said or recorded it before. */
export interface PriorBehaviour {
  /**
   * As `covers` reads it: of what is declared, a parent and an applet that are left out stand for any; of what was recorded
   * they are what they are.
   */
  behaviour: Behaviour;
  origin: 'declared' | 'recorded';
  /** Who says so, as a sentence: `the image starts it as its entrypoint`. */
  reason: string;
}

/**
 * What is known of a container before its first event. Files, ports, peers and capabilities come with `ReleaseFacts` by
 * `begin`: they explain what is new, and are no behaviours.
 */
export interface Prior {
  behaviours: readonly PriorBehaviour[];
}

/** What other workloads do: how many of those that run the same program do the same. */
export interface Peers {
  /** Undefined where no other runs it. `of` counts them, `seen` those of them that do so. */
  doing(behaviour: Behaviour): { seen: number; of: number } | undefined;
}
