import { type Behaviour, type BehaviourProfile, DIMENSIONS, type RuntimeEvent } from '@breakwater/model';
import { behaviourText } from './behaviour-key.ts';
import { behavioursOf } from './behaviours-of.ts';

/** More than any application does: what goes on to do new things is not described by a set of them. */
const MOST_BEHAVIOURS = 100_000;
/** What a source tells of every time, so that where it tells nothing, nothing was done. */
const TOLD_ALWAYS: Partial<Record<RuntimeEvent['source'], readonly Behaviour['dimension'][]>> = {
  sensor: ['exec', 'open', 'connect', 'listen', 'privilege'],
};

/**
 * A profile of what was recorded: the set of what one workload or image did. What was stopped, or would have been, is not
 * in it; events that were lost on the way, or more behaviours than are kept, make it partial. `subject` is
 * `namespace/Kind/name`, or the image.
 */
export function profileOf(events: Iterable<RuntimeEvent>, subject: string): BehaviourProfile {
  const behaviours = new Map<string, Behaviour>();
  const dimensions = new Set<Behaviour['dimension']>();
  const seen = { container: new Set<string>(), digest: new Set<string>() };
  let [from, until, partial] = ['', '', false];
  for (const event of events) {
    if (from === '' || event.time < from) from = event.time;
    if (event.time > until) until = event.time;
    if (event.type === 'loss') partial = true;
    if (event.container?.name !== undefined) seen.container.add(event.container.name);
    if (event.container?.imageDigest !== undefined) seen.digest.add(event.container.imageDigest);
    // What a source says of itself counts for more than what is known of its kind.
    for (const dimension of event.watch?.dimensions ?? TOLD_ALWAYS[event.source] ?? []) dimensions.add(dimension);
    if (event.prevention !== undefined) continue;
    for (const behaviour of behavioursOf(event)) {
      dimensions.add(behaviour.dimension);
      const text = behaviourText(behaviour);
      if (behaviours.size < MOST_BEHAVIOURS) behaviours.set(text, behaviour);
      else if (!behaviours.has(text)) partial = true;
    }
  }
  return {
    subject,
    ...onlyOne('container', seen.container),
    ...onlyOne('imageDigest', seen.digest),
    origin: 'recorded',
    ...(from !== '' && { from, until }),
    partial,
    dimensions: DIMENSIONS.filter((dimension) => dimensions.has(dimension)),
    behaviours: [...behaviours.keys()].sort().map((text) => behaviours.get(text)!),
  };
}

/** What all events agree on. */
const onlyOne = <K extends string>(key: K, values: ReadonlySet<string>): Partial<Record<K, string>> => {
  const [value] = values;
  return values.size === 1 && value !== undefined ? ({ [key]: value } as Partial<Record<K, string>>) : {};
};
