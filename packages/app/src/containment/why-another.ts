import type { Incident } from '@breakwater/model';
import type { ResponsePlan } from '@breakwater/outputs/responses';
import type { PossibleResponse } from './responses-to.ts';

/**
 * Why what is there now is not what the incident is about: pods of StatefulSets come back under their name, numbers of
 * processes are given again. Undefined where it may be the same: also where it began in the second in which the incident was
 * told of last, as Kubernetes tells no more than seconds.
 */
export function whyAnother(
  { id, container }: PossibleResponse,
  { target, state }: ResponsePlan,
  { last }: Pick<Incident, 'last'>,
): string | undefined {
  const { kind, name, since } = target;
  if (container !== undefined && kind === 'process' && !container.startsWith(name))
    return `Process ${(state as { pid: number }).pid} is of container ${name} now, not of ${container.slice(0, 12)}: it is another.`;
  if (since === undefined || !(Date.parse(since) > Date.parse(last))) return undefined;
  const told = `${kind === 'process' ? 'It' : name} began at ${since.slice(0, 19)}Z, after the last that is told of this`;
  return `${told} (${last.slice(0, 19)}Z): it is another one of that name. To do it all the same: \`breakwater respond ${id}\``;
}
