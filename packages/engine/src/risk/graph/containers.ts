import type { Container, JsonObject, Workload } from '@breakwater/model';
import { podSpecsOf } from '../../identity/index.ts';
import { fieldOf } from '../../json/index.ts';
import { escapesOf } from './escapes.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { type SettingName, settingReason } from './settings.ts';

/**
 * Tells the containers of a pod apart where one of them has what the others have not: ways out, secrets, volumes. Then an
 * exploit takes one container; the workload has fallen, and from there the others are a step away: a short one where they
 * share their processes. Whoever has the pod (its node, a permission) has all of them.
 */
export function addContainers(builder: GraphBuilder, facts: EstateFacts): void {
  const specs = podSpecsOf(facts.objects, facts.workloads);
  for (const workload of facts.workloads)
    if (workload.containers.length > 1 && workload.containers.some((container) => hasItsOwn(workload, container)))
      addApart(builder, workload, specs.get(workload.id));
}

function hasItsOwn(workload: Workload, container: Container): boolean {
  const held = new Set(
    workload.volumes.flatMap(({ name, kind }) =>
      kind === 'secret' || kind === 'persistentVolumeClaim' || kind === 'hostPath' ? [name] : [],
    ),
  );
  return (
    container.mounts.some(({ volume }) => held.has(volume)) ||
    container.environment.some(({ from }) => from?.startsWith('secret/')) ||
    escapesOf(workload).some((way) => way.container === container)
  );
}

function addApart(builder: GraphBuilder, workload: Workload, spec: JsonObject | undefined): void {
  const { id, containers } = workload;
  const label = workloadLabel(workload);
  const whole = builder.node(nodeId.pod(id), 'hub', label);
  const shared = fieldOf(spec, 'shareProcessNamespace') === true;
  const places = workload.definitions.slice(0, 1);
  for (const container of containers) {
    const { name, pointer } = container;
    const node = builder.node(nodeId.container(id, name), 'hub', `${label} (${name})`);
    const joins = { kind: 'reach' as const, phrase: `container ${name}`, reason: 'it is one of its containers' };
    builder.inside({ id: `whole|${id}|${name}`, from: whole, to: node, ...joins });
    builder.inside({ id: `part|${id}|${name}`, from: node, to: nodeId.workload(id), ...joins });
    const settings = besides(workload, container, shared);
    builder.inside({
      id: `beside|${id}|${name}`,
      from: nodeId.workload(id),
      to: node,
      kind: 'host',
      probability: settings.reduce((product, setting) => product * builder.number(setting), 1),
      phrase: shared
        ? `sees the processes of container ${name}`
        : `attacks container ${name} from another container of the pod`,
      reason: settings.map(settingReason).join('; '),
      mitigation: shared ? 'without shareProcessNamespace' : `container ${name} in a pod of its own`,
      places: shared ? places : places.map((place) => ({ ...place, pointer })),
    });
  }
}

/** How far the other containers of a pod lead into one: as a plain user nobody touches processes of other users. */
function besides({ containers }: Workload, container: Container, shared: boolean): SettingName[] {
  if (!shared) return ['besideContainer'];
  const user = ({ security }: Container) => security.runAsUser;
  const isPlain = (each: Container) => (user(each) ?? 0) > 0 && user(each) !== user(container);
  const others = containers.filter((each) => each !== container);
  return ['sharedProcesses', ...(others.every(isPlain) ? (['unprivilegedUserFactor'] as const) : [])];
}
