import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import { PlacedProcesses } from './placed-processes.ts';

/** A process with what it came from. */
export interface TreeProcess {
  /** As it was last seen. */
  readonly actor: EventProcess;
  /** What ran in the same process before, else the parent; undefined at the top, and where nobody knows. */
  readonly above: TreeProcess | undefined;
}

/** Processes kept; the longest unseen go first. */
const MOST_PROCESSES = 65_536;
/** Those above one that are told: a program that always goes on as its own child has no end of them. */
const MOST_ANCESTORS = 32;

/**
 * Who came from whom, from the events themselves: every exec is kept, and the parent that an event names. Sources number
 * processes in their own ways; where they give no id, it is the pid in its container on its node.
 */
export class ProcessTree {
  readonly #known = new PlacedProcesses<TreeProcess>(MOST_PROCESSES);
  /** The last parent of whom nobody knew more: one starts many, and sources share what they tell of it. */
  #alone: TreeProcess | undefined;

  /** Takes an exec in, and gives the process; other events change nothing. */
  add(event: RuntimeEvent): TreeProcess | undefined {
    return event.type === 'exec' && event.process !== undefined ? this.#put(event, event.process) : undefined;
  }

  /** The process that an event is of, with what it came from. Nothing is kept of it: only what runs is. */
  of(event: RuntimeEvent): TreeProcess | undefined {
    const { process: actor } = event;
    if (actor === undefined) return undefined;
    const known = this.#known.get(event, keyOf(actor));
    if (known?.actor.path === actor.path) return known;
    return { actor, above: known ?? this.#parentOf(event) };
  }

  #put(event: RuntimeEvent, actor: EventProcess): TreeProcess {
    const key = keyOf(actor);
    const parent = this.#parentOf(event);
    // Found and set one after the other, it is looked for once.
    const before = this.#known.get(event, key);
    const isAgain = before?.actor.path === actor.path && before.actor.arguments === actor.arguments;
    const node = bounded({ actor, above: isAgain ? before.above : (before ?? parent) });
    this.#known.set(event, key, node);
    return node;
  }

  #parentOf(event: RuntimeEvent): TreeProcess | undefined {
    const { parent } = event;
    if (parent === undefined) return undefined;
    const known = this.#known.get(event, keyOf(parent));
    if (known !== undefined) return known.actor.path === parent.path ? known : { actor: parent, above: known.above };
    if (this.#alone?.actor !== parent) this.#alone = { actor: parent, above: undefined };
    return this.#alone;
  }
}

const keyOf = ({ executionId, pid }: EventProcess): string | number => executionId ?? pid ?? '';

/** Those above, the closest first. */
export function ancestorsOf(process: TreeProcess | undefined): EventProcess[] {
  const found: EventProcess[] = [];
  for (let at = process?.above; at !== undefined && found.length < MOST_ANCESTORS; at = at.above) found.push(at.actor);
  return found;
}

/** Cuts the line where it is too long, so that what ended long ago can be let go of. */
function bounded(node: TreeProcess): TreeProcess {
  let depth = 0;
  for (let at = node.above; at !== undefined; at = at.above) depth++;
  if (depth <= MOST_ANCESTORS) return node;
  return { actor: node.actor, above: node.above && { actor: node.above.actor, above: undefined } };
}
