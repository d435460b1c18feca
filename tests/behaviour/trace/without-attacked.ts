import type { Trace } from './read-trace.ts';

/** A recording as if replicas that were attacked before some time had never been: what is learned of it is nobody's trick. */
export function withoutAttacked(trace: Trace, before: string): Trace {
  const dropped = new Set(trace.attacks.filter(({ from }) => from < before).map(({ replica }) => replica));
  const stays = ({ replica }: { replica: number }): boolean => !dropped.has(replica);
  return {
    ...trace,
    replicas: trace.replicas.filter(({ id }) => !dropped.has(id)),
    minutes: trace.minutes.filter(stays),
    whole: trace.whole.filter(stays),
    attacks: trace.attacks.filter(stays),
  };
}
