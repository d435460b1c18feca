import type { AttackCause, Container, Workload } from '@breakwater/model';
import { runningContainers } from '../../inventory/running-containers.ts';
import { backendsOf, finderOf, servicesOf } from '../../network/index.ts';
import { ImageCauses } from './exploits.ts';
import type { EstateFacts, WorkloadImage } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { openServiceOf } from './open-services.ts';
import { type SettingName, settingReason } from './settings.ts';

/** The containers that a caller of a port meets; port 0 is every port. Nobody declares it: any of them may listen. */
export function containersAt(workload: Workload, port: number, protocol: string): Container[] {
  const containers = runningContainers(workload);
  if (port === 0) return containers;
  const declaring = containers.filter(({ ports }) =>
    ports.some((each) => each.containerPort === port && each.protocol === protocol),
  );
  return declaring.length > 0 ? declaring : containers;
}

/**
 * One door for each running container: callers stand before it, and whatever it listens with lets them in or not.
 * So whether an exploit works here is one event, whoever comes.
 */
export function addDoors(builder: GraphBuilder, facts: EstateFacts): void {
  const images = new ImageCauses(facts);
  const led = portsLedTo(facts);
  for (const workload of facts.workloads) {
    const known = new Map((facts.images.get(workload.id) ?? []).map((image) => [image.container, image]));
    for (const container of runningContainers(workload)) {
      const image = known.get(container.name) ?? { container: container.name, reference: container.image };
      addDoor(builder, workload, container, image, images.of(image), led.get(workload.id) ?? []);
    }
  }
}

function addDoor(
  builder: GraphBuilder,
  workload: Workload,
  container: Container,
  image: WorkloadImage,
  causes: AttackCause[],
  led: readonly number[],
): void {
  const label = workloadLabel(workload);
  const door = builder.node(nodeId.door(workload.id, container.name), 'hub', `${label} (${container.name})`);
  const listens = listening(workload, container, image, led);
  const probability = listens === undefined ? 1 : builder.number(listens);
  const extra = [...openCause(builder, workload, container, led), flawCause(builder, workload, container)];
  builder.edge({
    id: `exploit|${workload.id}|${container.name}`,
    from: door,
    to: nodeId.workload(workload.id),
    enters: container.name,
    kind: 'exploit',
    probability,
    ...(listens === undefined ? {} : { range: [0, 1] as [number, number] }),
    causes: [...causes, ...extra],
    phrase: phraseOf(causes, extra),
    reason: listens === undefined ? `container ${container.name} runs ${image.reference}` : settingReason(listens),
    places: workload.definitions.slice(0, 1),
  });
}

/** What the likeliest way in is. */
function phraseOf(causes: readonly AttackCause[], extra: readonly AttackCause[]): string {
  const chance = ({ shared, local }: AttackCause) => shared * local;
  const likeliest = [...causes, ...extra].reduce((a, b) => (chance(b) > chance(a) ? b : a));
  return likeliest.reason.split(': ')[0]!;
}

/** Undefined where the container listens for certain; else the setting that says how likely it does. */
function listening(
  workload: Workload,
  container: Container,
  { image }: WorkloadImage,
  led: readonly number[],
): SettingName | undefined {
  if (container.ports.length > 0 || led.length > 0 || (image?.config?.exposedPorts.length ?? 0) > 0) return undefined;
  return workload.kind === 'Job' || workload.kind === 'CronJob' ? 'batchPort' : 'undeclaredPort';
}

function openCause(
  builder: GraphBuilder,
  workload: Workload,
  container: Container,
  led: readonly number[],
): AttackCause[] {
  const declared = container.ports.map(({ containerPort }) => containerPort);
  const found = openServiceOf(container, runningContainers(workload).length === 1 ? [...declared, ...led] : declared);
  if (found === undefined) return [];
  const setting = found.certainty === 'open' ? 'openService' : 'guessableService';
  return [
    {
      key: `open:${workload.id}/${container.name}`,
      shared: 1,
      local: builder.number(setting),
      reason: `is ${found.words}: ${settingReason(setting)}`,
    },
  ];
}

function flawCause(builder: GraphBuilder, workload: Workload, container: Container): AttackCause {
  const reason = `an unpublished flaw of ${workloadLabel(workload)}: ${settingReason('lateralFlaw')}`;
  return { key: `flaw:${workload.id}/${container.name}`, shared: 1, local: builder.number('lateralFlaw'), reason };
}

/** Ports of pods to which any Service leads, by workload. */
function portsLedTo(facts: EstateFacts): Map<string, number[]> {
  const led = new Map<string, number[]>();
  for (const service of servicesOf(facts.objects, finderOf(facts.workloads)))
    for (const { workload, port } of backendsOf(service, service.ports).backends)
      led.set(workload.id, [...(led.get(workload.id) ?? []), port]);
  return led;
}
