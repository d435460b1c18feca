import { basename, dirname } from 'node:path/posix';
import type { OtherFileKind } from './manifest-read.ts';
import { isNodeConfiguration } from './node-configuration.ts';

/** An untyped mapping, as parsed. */
export type Mapping = Record<string, unknown>;

/** True for objects that are neither arrays nor null. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const COMPOSE_NAME = /^(?:docker-)?(?:compose|stack)(?:[.-][\w.-]+)?\.ya?ml$/;
/** Keys that tell a service of Compose, also one that only completes another. */
const SERVICE_KEYS = [
  'build',
  'cap_add',
  'cap_drop',
  'container_name',
  'depends_on',
  'deploy',
  'entrypoint',
  'env_file',
  'environment',
  'extends',
  'healthcheck',
  'image',
  'network_mode',
  'ports',
  'privileged',
  'restart',
  'security_opt',
  'volumes',
];
const KUSTOMIZATION_NAME = /^kustomization(?:\.ya?ml)?$/i;
const WITHOUT_DOMAIN = /^(?:v\d\w*|(?:apps|batch|extensions|autoscaling|policy)\/v\d\w*)$/;

/**
 * What a document is, judged by its shape first and by its file's name second. `kubernetes` also for what claims to be an
 * object and is broken: that has to be told, not passed over.
 */
export function classifyDocument(value: unknown, path: string): 'kubernetes' | OtherFileKind {
  const name = basename(path);
  if (Array.isArray(value)) return classifyList(value);
  if (!isMapping(value)) return 'other';
  if (KUSTOMIZATION_NAME.test(name) || isKustomization(value)) return 'kustomization';
  if (/^(?:Chart|requirements)\.ya?ml$/.test(name) && value['kind'] === undefined) return 'helm-chart';
  if (typeof value['apiVersion'] === 'string') return isToolConfiguration(value) ? 'configuration' : 'kubernetes';
  if (isInfrastructure(value)) return 'infrastructure';
  if (isEcs(value)) return 'ecs';
  if (isCompose(value, name)) return 'compose';
  if (isMarathon(value)) return 'marathon';
  if (/^values(?:[.-][\w.-]+)?\.ya?ml$/.test(name)) return 'helm-values';
  return 'other';
}

function classifyList(items: unknown[]): OtherFileKind {
  const first = items[0];
  if (!isMapping(first)) return 'other';
  if (typeof first['op'] === 'string' && typeof first['path'] === 'string') return 'kustomize-patch';
  return items.every((item) => isMapping(item) && isMarathon(item)) ? 'marathon' : 'other';
}

function isKustomization(value: Mapping): boolean {
  const { apiVersion, kind } = value;
  return (
    typeof apiVersion === 'string' && apiVersion.startsWith('kustomize.config.k8s.io/') && typeof kind === 'string'
  );
}

/* Skaffold, kubeconfig, scheduler settings and their like: `apiVersion`, and nothing that would be applied. */
function isToolConfiguration(value: Mapping): boolean {
  if (isMapping(value['metadata']) && value['metadata']['name'] !== undefined) return false;
  if (isNodeConfiguration(value)) return false;
  const apiVersion = value['apiVersion'] as string;
  if (value['kind'] === 'Config' && Array.isArray(value['clusters'])) return true;
  const group = apiVersion.split('/')[0]!;
  return group.endsWith('config.k8s.io') || (!WITHOUT_DOMAIN.test(apiVersion) && !group.includes('.'));
}

function isCompose(value: Mapping, name: string): boolean {
  if (!isMapping(value['services'])) return COMPOSE_NAME.test(name);
  const services = Object.values(value['services']).filter(isMapping);
  return COMPOSE_NAME.test(name) || services.some((service) => SERVICE_KEYS.some((key) => key in service));
}

/* Templates and plans that define what runs in ECS; those of other things are not ours. */
function isInfrastructure({ Resources, planned_values, resource_changes }: Mapping): boolean {
  if (isMapping(Resources)) {
    return Object.values(Resources).some(
      (resource) => isMapping(resource) && String(resource['Type']).startsWith('AWS::ECS::'),
    );
  }
  const planned = isMapping(planned_values) && Array.isArray(resource_changes) ? resource_changes : [];
  return planned.some((change) => isMapping(change) && String(change['type']).startsWith('aws_ecs_'));
}

/* A task definition as registered or described, or services that run one. */
function isEcs(value: Mapping): boolean {
  const { containerDefinitions, taskDefinition, services } = value;
  if (containerDefinitions !== undefined || isMapping(taskDefinition)) return true;
  if (Array.isArray(services))
    return services.length > 0 && services.every((service) => isMapping(service) && isEcsService(service));
  return isEcsService(value);
}

function isEcsService({ taskDefinition, serviceName, desiredCount, launchType }: Mapping): boolean {
  return (
    typeof taskDefinition === 'string' && [serviceName, desiredCount, launchType].some((field) => field !== undefined)
  );
}

function isMarathon(value: Mapping): boolean {
  const { apps } = value;
  if (Array.isArray(apps) && apps.length > 0 && apps.every((app) => isMapping(app) && isMarathon(app))) return true;
  if (typeof value['id'] !== 'string') return false;
  const runs = typeof value['cmd'] === 'string' || Array.isArray(value['args']) || isMapping(value['container']);
  const holds = Array.isArray(apps) || Array.isArray(value['groups']);
  return runs || holds || (Array.isArray(value['containers']) && isMapping(value['scaling'] ?? {}));
}

/** Whether a path lies in the `templates` folder of a Helm chart, whose folders are given. */
export function isChartTemplate(path: string, charts: ReadonlySet<string>): boolean {
  for (let folder = dirname(path); folder !== '.' && folder !== '/'; folder = dirname(folder)) {
    if (basename(folder) === 'templates' && charts.has(dirname(folder))) return true;
  }
  return false;
}

const TEMPLATE_ACTION = /\{\{|\{%/;

/** Whether a text has actions of a template language in it (`{{ .Values.image }}`). */
export function hasTemplateActions(text: string): boolean {
  return TEMPLATE_ACTION.test(text);
}
