import type { Container, ObjectEdit, ResourceUse, Workload } from '@breakwater/model';
import type { ContainerUse } from '../../../evidence/index.ts';
import { editableWorkloads, nodeOf, type Proposal, type Proposer, setField, shortName } from '../proposal.ts';

/** Minutes of replicas: a limit from less would stop what comes once a day. */
const FEWEST_MINUTES = 1_440;
/** Less than this says nothing at all. */
const FEWEST_AT_ALL = 60;
const MEBIBYTE = 2 ** 20;
/** Room above the highest that was seen, and above what 99 of 100 minutes stay below. */
const ABOVE_HIGHEST = 1.5;
const ABOVE_USUAL = 2;

/** What one container is given, and what was seen of it. */
interface Given {
  edits: ObjectEdit[];
  words: string[];
  minutes: number;
}

/**
 * Gives containers that have none a limit of memory and requests, from what their replicas used. No limit of processors: it slows
 * down who does nothing wrong, and memory is what takes the node from others.
 */
export const proposeLimitsAsUsed: Proposer = (facts) => {
  const { uses } = facts;
  if (uses === undefined || uses.size === 0) return [];
  return editableWorkloads(facts).flatMap((workload) => proposalOf(workload, uses.get(workload.id) ?? []) ?? []);
};

function proposalOf(workload: Workload, uses: readonly ContainerUse[]): Proposal | undefined {
  const given = uses.map((use) => {
    const container = workload.containers.find(({ name }) => name === use.container);
    return container === undefined ? undefined : givenTo(workload, container, use);
  });
  const found = given.filter((one) => one !== undefined);
  const edits = found.flatMap((one) => one.edits);
  if (edits.length === 0) return undefined;
  const minutes = Math.min(...found.map((one) => one.minutes));
  const isTentative = minutes < FEWEST_MINUTES;
  const [use] = uses;
  const until = use?.until === undefined ? '' : ` until ${use.until.slice(0, 16).replace('T', ' ')} UTC`;
  const hours = Math.floor(minutes / 60).toLocaleString('en');
  const caveat = isTentative
    ? ' Check it: less than a day was seen, and what comes once a day or a week may take more.'
    : '';
  return {
    change: {
      id: `limits-as-used:${workload.id}`,
      title: `Give ${shortName(workload)} limits from what it ${isTentative ? 'was seen to use so far' : 'uses'}`,
      detail:
        `Seen in ${hours} hours of its replicas${until}: ${found.flatMap(({ words }) => words).join('; ')}.${caveat} ` +
        'A container that takes more memory than its limit is killed and started anew.',
      workloads: [workload.id],
      edits,
      afterRebuild: false,
    },
    cuts: [{ from: nodeOf(workload), kinds: ['host'] }, { to: nodeOf(workload) }],
    restsOnUse: true,
    ...(isTentative && { isTentative: true as const }),
  };
}

function givenTo(
  workload: Workload,
  { name, pointer, limits, requests, role, sidecar }: Container,
  use: ContainerUse,
): Given | undefined {
  if (role !== 'main' && sidecar !== true) return undefined;
  const memory = seen(use, 'memory');
  if (memory === undefined) return undefined;
  const cpu = seen(use, 'cpu');
  const set = (kind: 'limits' | 'requests', resource: string, value: string): ObjectEdit =>
    setField(workload, [...pointer, 'resources', kind, resource], value);
  const limit = mebibytes(Math.max(memory.highest * ABOVE_HIGHEST, memory.p99 * ABOVE_USUAL));
  const edits = [
    ...(Object.hasOwn(limits, 'memory') ? [] : [set('limits', 'memory', `${limit}Mi`)]),
    ...(Object.hasOwn(requests, 'memory') || Object.hasOwn(limits, 'memory')
      ? []
      : [set('requests', 'memory', `${Math.min(limit, mebibytes(memory.p95))}Mi`)]),
    ...(cpu === undefined || Object.hasOwn(requests, 'cpu') || Object.hasOwn(limits, 'cpu')
      ? []
      : [set('requests', 'cpu', `${Math.max(10, Math.ceil((cpu.p95 * 1_000) / 10) * 10)}m`)]),
  ];
  const words = [
    `container ${name} took ${mebibytes(memory.median, 1)} MiB of memory as a rule, ${mebibytes(memory.p99, 1)} at most in 99 of 100 minutes, and never more than ${mebibytes(memory.highest, 1)}`,
    ...(cpu === undefined ? [] : [`${cpu.p95.toPrecision(2)} processors at most in 95 of 100 minutes`]),
  ];
  return edits.length === 0 ? undefined : { edits, words, minutes: memory.samples };
}

/** What was seen for long enough to say anything. */
function seen({ resources }: ContainerUse, wanted: string): ResourceUse | undefined {
  const found = resources.find(({ resource }) => resource === wanted);
  return found !== undefined && found.samples >= FEWEST_AT_ALL && Number.isFinite(found.highest) && found.highest > 0
    ? found
    : undefined;
}

/** Whole steps above. */
const mebibytes = (bytes: number, step = 16): number => Math.max(step, Math.ceil(bytes / MEBIBYTE / step) * step);
