import type { Behaviour } from '@breakwater/model';

/** Names of one kind that make the next one no news. */
const MANY = 8;
/** The same where what they have in common is little: names of other parties at one port. */
const VERY_MANY = 16;
/** Where each name has its own meaning, however many were seen. */
const NAMED = /^\/(?:proc|sys|dev|run\/secrets)\/|\/\.[^/]+(?:\/|$)/;
const DEEPEST = 10;

/** One step from what behaviours have in common to what they differ by. */
interface Step {
  group: string;
  child: string;
  many: number;
  /** What they have in common, for people. */
  shown: string;
}

/**
 * How many different things of one kind each program does: files in one folder, hosts of one domain. Who did many is
 * expected to do another; that is what is left of Kneser and Ney's continuation counts where a kind has many members.
 */
export class Groups {
  readonly #children = new Map<string, number>();
  readonly #members = new Set<string>();

  add(behaviour: Behaviour): void {
    for (const { group, child } of stepsOf(behaviour)) {
      const member = `${group}\0${child}`;
      // Whoever knows the child knows everything above it.
      if (this.#members.has(member)) continue;
      this.#members.add(member);
      this.#children.set(group, (this.#children.get(group) ?? 0) + 1);
    }
  }

  /** Of what kind it is one more, as words, with how many there are; undefined where it is of none. */
  more(behaviour: Behaviour, without = 0): string | undefined {
    for (const { group, child, many, shown } of stepsOf(behaviour)) {
      const known = (this.#children.get(group) ?? 0) - (this.#members.has(`${group}\0${child}`) ? without : 0);
      if (known >= many) return `${behaviour.actor} was seen with ${known} others ${shown}`;
    }
    return undefined;
  }
}

/** The nearest first. */
function stepsOf(behaviour: Behaviour): Step[] {
  if (behaviour.dimension === 'open') return stepsOfFile(behaviour);
  return behaviour.dimension === 'connect' ? stepsOfPeer(behaviour) : [];
}

function stepsOfFile({ actor, access, object }: Behaviour): Step[] {
  if (!object.startsWith('/') || NAMED.test(object) || isLibrary(object)) return [];
  const names = object.split('/').slice(0, DEEPEST);
  if (names.at(-1) === '*') names.pop();
  const least = names[1] === 'etc' ? 3 : 2;
  const steps: Step[] = [];
  for (let end = names.length - 1; end > least; end--) {
    const folder = names.slice(0, end).join('/');
    steps.push({
      group: `open\0${actor}\0${access ?? ''}\0${folder}`,
      child: names[end]!,
      many: MANY,
      shown: `in ${folder}`,
    });
  }
  return steps;
}

/** Programs and libraries are what they are, whatever lies beside them. */
export const isLibrary = (object: string): boolean =>
  /\.(?:so(?:\.[\d.*]+)?|node|jar|ko)$|\/s?bin\/[^/]+$/.test(object);

function stepsOfPeer({ actor, object }: Behaviour): Step[] {
  const [, host = '', port = ''] = /^([^:/]+):(.*)$/.exec(object) ?? [];
  const labels = host.split('.').slice(-DEEPEST);
  if (labels.length < 2 || /^[\d.]+$/.test(host)) return [];
  const steps: Step[] = [];
  for (let start = 1; labels.length - start >= 2; start++) {
    const domain = labels.slice(start).join('.');
    const group = `connect\0${actor}\0${port}\0${domain}`;
    steps.push({ group, child: labels[start - 1]!, many: MANY, shown: `in ${domain} at ${port}` });
  }
  const whole = labels.slice(-2).join('.');
  if (!/\.(?:local|internal|svc)$/.test(whole))
    steps.push({ group: `connect\0${actor}\0${port}`, child: whole, many: VERY_MANY, shown: `at ${port}` });
  return steps;
}
