import { type GuardName, workloadOfSubject } from '@breakwater/model';
import { countingOf } from './judge-severity.ts';
import { compareWeight } from './keep-sign.ts';
import type { IncidentState, KeptEntry, KeptProcess } from './state.ts';

const MOST_FIXES = 3;
/** Places where it goes on that are named. */
const MOST_PLACES = 3;

/** How to end it, the smallest step first, and how to keep it from coming again. */
export function adviseOn(state: IncidentState): string[] {
  const counting = countingOf(state.entries).sort(compareWeight);
  const actors = actorsOf(state, counting);
  return [...endings(state, counting, actors), ...preventions(state, counting, actors[0])];
}

/** Of each pod or container who did the gravest thing there that was not stopped; the gravest first. */
function actorsOf(state: IncidentState, counting: readonly KeptEntry[]): KeptProcess[] {
  const byKey = new Map(state.processes.map((one) => [one.key, one]));
  const open = counting.filter(({ prevention }) => prevention !== 'stopped' && prevention !== 'killed');
  const places = new Map<string, KeptProcess>();
  for (const { process } of open.length > 0 ? open : counting) {
    const found = process === undefined ? undefined : byKey.get(process);
    const place = `${clusterOf(found)}\0${found?.pod ?? found?.containerId ?? found?.container ?? ''}`;
    if (found !== undefined && !places.has(place)) places.set(place, found);
  }
  return [...places.values()];
}

function endings({ status }: IncidentState, counting: readonly KeptEntry[], actors: readonly KeptProcess[]): string[] {
  if (status !== 'open') return [];
  if (counting.every(({ prevention }) => prevention === 'stopped'))
    return ['Nothing of it is left to end. Find out how it came in: what tried it may try something else.'];
  const more = actors.length - MOST_PLACES;
  const others = more > 0 ? [`It went on in ${more} more pods or containers: do the same there.`] : [];
  return [...actors.slice(0, MOST_PLACES).flatMap(endingOf), ...others];
}

/** Name of the cluster that a process runs in; empty where nobody told. */
const clusterOf = (process: KeptProcess | undefined): string =>
  workloadOfSubject(process?.subject ?? '')?.cluster ?? '';

/** As one word of a shell, whatever is in it. */
const asWord = (text: string): string => (/^[\w.:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function endingOf(actor: KeptProcess): string[] {
  if (actor.pod !== undefined) {
    const cluster = clusterOf(actor);
    const on = `${cluster === '' ? '' : `--context ${asWord(cluster)} `}--execute --reason "..."`;
    return [
      `Cut the pod off and keep it to look at: breakwater respond quarantine ${actor.pod} ${on}`,
      `Where that is too late, have its controller make another: breakwater respond delete-pod ${actor.pod} ${on}`,
    ];
  }
  const container = actor.container ?? actor.containerId?.slice(0, 12);
  const end = `--execute --reason "..."`;
  return [
    ...(container === undefined
      ? []
      : [`Keep what it is and did first: breakwater respond snapshot ${container} ${end}`]),
    ...(actor.pid === undefined
      ? []
      : [`End the process where it still runs: breakwater respond kill-process ${actor.pid} ${end}`]),
    ...(container === undefined ? [] : [`Or all of it: breakwater respond stop-container ${container} ${end}`]),
  ];
}

function preventions(
  { fixes, processes }: IncidentState,
  counting: readonly KeptEntry[],
  actor: KeptProcess | undefined,
): string[] {
  const guards = new Set(counting.filter(({ prevention }) => prevention !== 'stopped').flatMap(guardsOf));
  const isForeign = processes.some(({ inImage, fileless }) => inImage === false || fileless === true);
  if (isForeign && counting.some(({ prevention }) => prevention !== 'stopped')) guards.add('programs');
  const container = actor?.container === undefined ? '' : ` --container ${actor.container}`;
  const broken = [...new Set(counting.flatMap(({ policy }) => policy ?? []))].filter((policy) =>
    Object.hasOwn(fixes, policy),
  );
  return [
    ...broken.slice(0, MOST_FIXES).map((policy) => `${policy} advises: ${fixes[policy]}`),
    ...(guards.size === 0
      ? []
      : [`Have the kernel refuse it next time: breakwater sensor${container} --block ${[...guards].sort().join(',')}`]),
  ];
}

/** Which guards would have refused it. */
function guardsOf({ behaviour, deed }: KeptEntry): GuardName[] {
  const kind = behaviour?.dimension ?? deed.split('\0')[1] ?? '';
  if (kind === 'connect') return ['connections'];
  if (kind === 'exec') return behaviour === undefined ? [] : [behaviour.inImage === false ? 'programs' : 'starts'];
  return GUARDS[kind] ?? [];
}

const GUARDS: Readonly<Record<string, GuardName[]>> = {
  privilege: ['gains'],
  capability: ['gains'],
  namespace: ['namespaces'],
  mount: ['mounts'],
  module: ['kernel'],
};
