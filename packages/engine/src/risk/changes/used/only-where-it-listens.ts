import type { ManifestObject, ObjectEdit, Workload } from '@breakwater/model';
import { type Absence, absenceInAll, weakest } from '../../../evidence/index.ts';
import { fieldAt, fieldOf, listOf, objectOf, textOf } from '../../../json/index.ts';
import { selectsPods } from '../../../network/index.ts';
import type { EstateFacts } from '../../graph/index.ts';
import { closingEdits } from '../closed-services.ts';
import {
  editableWorkloads,
  nodeOf,
  objectsOfKind,
  type Proposal,
  type Proposer,
  removeField,
  shortName,
} from '../proposal.ts';

/** At which ports a workload was seen to listen, and how far it follows that there are no others. */
interface Heard {
  ports: ReadonlySet<number>;
  absence: Absence;
}

/**
 * Closes ports that are declared and at which nobody listens: those of containers, and those of Services before them. A port of
 * a Service goes only where all workloads that it selects were watched from their start on; a Service without any other port
 * stays, and is no more open to the outside.
 */
export const proposeOnlyWhereItListens: Proposer = (facts) => {
  const heard = new Map<string, Heard>();
  for (const workload of editableWorkloads(facts)) {
    const found = heardOf(facts, workload);
    if (found !== undefined) heard.set(workload.id, found);
  }
  if (heard.size === 0) return [];
  const services = objectsOfKind(facts, 'Service').map((service) => unheardOf(facts, service, heard));
  return editableWorkloads(facts).flatMap((workload) => {
    const own = heard.get(workload.id);
    if (own === undefined) return [];
    const closed = services.filter((one) => one !== undefined && one.workloads[0]?.id === workload.id);
    return (
      proposalOf(
        workload,
        own,
        closed.filter((one) => one !== undefined),
      ) ?? []
    );
  });
};

/** Of the network of its node a pod shares the ports. Only TCP is judged: who waits for datagrams is not always seen. */
function heardOf({ uses }: EstateFacts, workload: Workload): Heard | undefined {
  const own = uses?.get(workload.id) ?? [];
  if (workload.hostNetwork || !own.every(({ isStartSeen }) => isStartSeen)) return undefined;
  const absence = absenceInAll(workload, own, 'listen');
  if (absence === undefined) return undefined;
  const listens = own.flatMap(({ acted }) => acted.filter(({ dimension }) => dimension === 'listen'));
  // A port that nobody can tell says that any may be meant.
  if (listens.some(({ object }) => !/^\d+\/[A-Z]+$/.test(object))) return undefined;
  const ports = listens.flatMap(({ object }) => (object.endsWith('/TCP') ? [Number.parseInt(object, 10)] : []));
  return { absence, ports: new Set(ports) };
}

/** What of a Service leads to nobody. */
interface Unheard {
  workloads: Workload[];
  edits: ObjectEdit[];
  words: string[];
  absence: Absence;
}

function unheardOf(
  facts: EstateFacts,
  service: ManifestObject,
  heard: ReadonlyMap<string, Heard>,
): Unheard | undefined {
  const spec = objectOf(fieldAt(service.object, 'spec'));
  const selector = objectOf(spec?.['selector']);
  if (selector === undefined || Object.keys(selector).length === 0) return undefined;
  const workloads = facts.workloads.filter(
    ({ cluster, namespace, podLabels }) =>
      cluster === service.cluster &&
      namespace === service.namespace &&
      selectsPods({ matchLabels: selector }, podLabels),
  );
  const known = workloads.map(({ id }) => heard.get(id));
  const absence = known.every((one) => one !== undefined) ? weakest(known.map((one) => one.absence)) : undefined;
  if (absence === undefined) return undefined;
  const ports = listOf(spec?.['ports']).map((port) => objectOf(port));
  const isUnheard = (port: (typeof ports)[number]): boolean =>
    (textOf(fieldOf(port, 'protocol')) ?? 'TCP') === 'TCP' &&
    workloads.every((workload) => {
      const target = targetOf(port, workload);
      return target !== undefined && heard.get(workload.id)?.ports.has(target) === false;
    });
  const gone = ports.flatMap((port, at) => (isUnheard(port) ? [at] : []));
  if (gone.length === 0) return undefined;
  const edits =
    gone.length === ports.length
      ? closingEdits(service)
      : gone.map((at) => removeField(service, ['spec', 'ports', at]));
  const named = gone.map((at) => String(fieldOf(ports[at], 'port'))).join(', ');
  const words = `port ${named} of Service ${service.namespace}/${service.name} leads to nobody`;
  return edits.length === 0 ? undefined : { workloads, edits, words: [words], absence };
}

/** The port of the pods behind a port of a Service; undefined for a name that no container has. */
function targetOf(port: Record<string, unknown> | undefined, { containers }: Workload): number | undefined {
  const target = port?.['targetPort'] ?? port?.['port'];
  if (typeof target === 'number') return target;
  const named = containers.flatMap(({ ports }) => ports.filter(({ name }) => name === target));
  return named[0]?.containerPort;
}

function proposalOf(
  workload: Workload,
  { ports, absence: own }: Heard,
  services: readonly Unheard[],
): Proposal | undefined {
  const declared = workload.containers.flatMap((container) =>
    container.ports.flatMap(({ containerPort, protocol }, at) =>
      protocol === 'TCP' && !ports.has(containerPort)
        ? [{ containerPort, edit: removeField(workload, [...container.pointer, 'ports', at]) }]
        : [],
    ),
  );
  const edits = [...declared.map(({ edit }) => edit), ...services.flatMap((one) => one.edits)];
  const absence = weakest([own, ...services.map((one) => one.absence)]);
  if (edits.length === 0 || absence === undefined) return undefined;
  const listed = declared.map(({ containerPort }) => containerPort).join(', ');
  const where =
    ports.size === 0 ? 'it listened nowhere' : `it listened only at ${[...ports].sort((a, b) => a - b).join(', ')}`;
  const unheard = [
    ...(listed === '' ? [] : [`nobody listened at the declared port ${listed}`]),
    ...services.flatMap(({ words }) => words),
  ];
  const workloads = [
    ...new Map([workload, ...services.flatMap((one) => one.workloads)].map((one) => [one.id, one])).values(),
  ];
  return {
    change: {
      id: `only-where-it-listens:${workload.id}`,
      title: `Close the ports of ${shortName(workload)} at which nobody ${absence.isSettled ? 'listens' : 'was seen to listen so far'}`,
      detail:
        `Seen ${absence.words}: ${where}; ${unheard.join('; ')}. ${absence.caveat === undefined ? 'That is settled.' : `Check it: ${absence.caveat}.`} ` +
        'Ingresses and clients that name such a port get no answer today.',
      workloads: workloads.map(({ id }) => id),
      edits,
      afterRebuild: false,
    },
    cuts: workloads.map((one) => ({ to: nodeOf(one) })),
    restsOnUse: true,
    ...(!absence.isSettled && { isTentative: true as const }),
  };
}
