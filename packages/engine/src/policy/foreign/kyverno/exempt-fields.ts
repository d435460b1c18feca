import type { JsonObject } from '@breakwater/model';
import type { KyvernoPodSecurityExclusion } from '@breakwater/model/foreign';
import { isRecord, listOf, recordOf, textOf } from '../../loose-values.ts';
import { matchesWildcard } from '../wildcard.ts';

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'];

/** Controls that look at the pod alone: an exclusion without images exempts all of it. */
const POD_CONTROLS = ['Host Namespaces', 'HostPath Volumes', 'Sysctls', 'Volume Types'];

/** What controls look at in the pod's own settings, beside those of its containers. */
const POD_FIELDS: Readonly<Record<string, readonly string[]>> = {
  HostProcess: ['windowsOptions'],
  SELinux: ['seLinuxOptions'],
  Seccomp: ['seccompProfile'],
  AppArmor: ['appArmorProfile'],
  'Running as Non-root': ['runAsNonRoot'],
  'Running as Non-root user': ['runAsUser'],
};

/**
 * The pod without what exclusions exempt from a control, after each of them: containers of their images, or the values
 * of a field that they allow. What containers inherit from the pod goes last. Undefined where nothing of it is left to
 * judge.
 */
export function* withoutExempt(
  pod: JsonObject,
  control: string,
  exclusions: readonly KyvernoPodSecurityExclusion[],
): Generator<JsonObject | undefined> {
  let judged: JsonObject = pod;
  const isOfPod = ({ restrictedField, images }: KyvernoPodSecurityExclusion): boolean =>
    !restrictedField && !images?.length;
  for (const exclusion of exclusions.toSorted((a, b) => Number(isOfPod(a)) - Number(isOfPod(b)))) {
    const fields = POD_CONTROLS.includes(control) ? undefined : POD_FIELDS[control];
    if (exclusion.restrictedField) judged = withoutValues(judged, exclusion);
    else if (!isOfPod(exclusion)) judged = withoutContainers(judged, exclusion.images ?? []);
    else if (fields === undefined) return yield undefined;
    else judged = withoutPodFields(judged, fields);
    yield judged;
  }
}

const isOf = (container: unknown, images: readonly string[]): boolean =>
  images.some((image) => matchesWildcard(image, textOf(recordOf(container)['image'])));

function withSpec(pod: JsonObject, change: (spec: Record<string, unknown>) => Record<string, unknown>): JsonObject {
  return { ...pod, spec: change({ ...recordOf(pod['spec']) }) } as JsonObject;
}

const withoutContainers = (pod: JsonObject, images: readonly string[]): JsonObject =>
  withSpec(pod, (spec) => {
    for (const list of LISTS) {
      if (spec[list] !== undefined) spec[list] = listOf(spec[list]).filter((container) => !isOf(container, images));
    }
    return spec;
  });

/** AppArmor was set by annotations before there was a field. */
const withoutPodFields = (pod: JsonObject, fields: readonly string[]): JsonObject => {
  const { annotations: _, ...metadata } = recordOf(pod['metadata']);
  const bare = fields.includes('appArmorProfile') ? ({ ...pod, metadata } as JsonObject) : pod;
  return withSpec(bare, (spec) => {
    const context = recordOf(spec['securityContext']);
    const kept = Object.entries(context).filter(([field]) => !fields.includes(field));
    return { ...spec, securityContext: Object.fromEntries(kept) };
  });
};

/** Without the values of a field that are allowed; `spec.containers[*].securityContext.capabilities.add`. */
function withoutValues(pod: JsonObject, { restrictedField, images, values }: KyvernoPodSecurityExclusion): JsonObject {
  const steps = (restrictedField ?? '')
    .split('.')
    .flatMap((step) => (step.endsWith('[*]') ? [step.slice(0, -3), '*'] : [step]));
  const allowed = values ?? [];
  const isAllowed = (value: unknown): boolean =>
    allowed.length === 0 || allowed.some((one) => matchesWildcard(one, String(value)));
  return prune(pod, steps, {
    isAllowed,
    isOf: (container) => !images?.length || isOf(container, images),
  }) as JsonObject;
}

interface Pruning {
  isAllowed(value: unknown): boolean;
  isOf(container: unknown): boolean;
}

function prune(value: unknown, [step, ...rest]: readonly string[], pruning: Pruning, list = ''): unknown {
  if (step === undefined) return value;
  if (step === '*') {
    if (!Array.isArray(value)) return value;
    if (rest.length === 0) return value.filter((item) => !isVolumeOf(item, pruning));
    const isContainer = LISTS.includes(list);
    return value.map((item) => (isContainer && !pruning.isOf(item) ? item : prune(item, rest, pruning)));
  }
  if (!isRecord(value) || !Object.hasOwn(value, step)) return value;
  if (rest.length > 0) return { ...value, [step]: prune(value[step], rest, pruning, step) };
  const { [step]: field, ...others } = value;
  if (Array.isArray(field)) return { ...others, [step]: field.filter((item) => !pruning.isAllowed(item)) };
  const isAllowed = isRecord(field) ? Object.values(field).some(pruning.isAllowed) : pruning.isAllowed(field);
  return isAllowed ? others : value;
}

/** A volume whose type is allowed: values name types as `spec.volumes[*].nfs`. */
const isVolumeOf = (volume: unknown, { isAllowed }: Pruning): boolean =>
  Object.keys(recordOf(volume)).some(
    (type) => type !== 'name' && (isAllowed(type) || isAllowed(`spec.volumes[*].${type}`)),
  );
