import type { Exception } from '@breakwater/model';
import { type CompiledPolicy, KUBERNETES_CONTROLLERS } from '../../policy/index.ts';
import type { CompileOptions, Gap } from '../compile-target.ts';
import { labelsAre, NAMESPACE, nameIn, objectOf } from './match-constraints.ts';
import type { PolicyParts } from './policy-parts.ts';

/** Exceptions of one policy, as an API server can tell whether they cover something. */
export interface CompiledExceptions {
  /** Conditions on the object as a whole, each true where an exception covers it. */
  objects: { name: string; expression: string }[];
  /** Conditions on the images concerned, with what else must hold, each for a name or path that gives an image. */
  images: { name: string; outer: string; patterns: readonly string[] }[];
  gaps: Gap[];
  /** Last day on which all of them count. */
  validUntil: string | undefined;
}

/** Scopes that an admission request can be held against. */
const KNOWN_SCOPES: ReadonlySet<string> = new Set([
  'namespaces',
  'workloads',
  'images',
  'labels',
  'vulnerabilities',
  'actors',
]);

/**
 * Compiles the exceptions of a policy that are in force. An API server has no clock, so an exception is compiled only if it
 * lasts until the day by which everything is compiled again; otherwise it would cover what it no longer should, and
 * leaving it out would refuse what it should cover.
 */
export function compileExceptions(
  { policy }: CompiledPolicy,
  { pods, resources }: Pick<PolicyParts, 'pods' | 'resources'>,
  options: CompileOptions,
): CompiledExceptions {
  const { exceptions = [], today, until } = options;
  const result: CompiledExceptions = { objects: [], images: [], gaps: [], validUntil: undefined };
  for (const exception of exceptions) {
    const { policies, expires, scope } = exception.spec;
    if (!policies.includes(policy.metadata.name) || expires < today) continue;
    /* What a policy on objects says is never about a vulnerability, or about what happens at run time. */
    if (scope.vulnerabilities || scope.processes || scope.paths || scope.peers) continue;
    if (scope.images !== undefined && pods === 'none') continue;
    const reason = reasonAgainst(exception, pods, until);
    if (reason !== undefined) {
      result.gaps.push({ code: 'exception', message: `exception ${exception.metadata.name} ${reason}` });
      continue;
    }
    if (result.validUntil === undefined || expires < result.validUntil) result.validUntil = expires;
    const name = exception.metadata.name;
    const terms = termsOf(exception, objectOf(resources));
    if (scope.images === undefined) result.objects.push({ name, expression: terms.join(' && ') || 'true' });
    else result.images.push({ name, outer: terms.join(' && '), patterns: scope.images });
  }
  return result;
}

function reasonAgainst(
  { spec }: Exception,
  pods: 'all' | 'some' | 'none',
  until: string | undefined,
): string | undefined {
  const { scope, expires } = spec;
  if (until === undefined) return `ends on ${expires}, and an API server has no clock (--until compiles it in)`;
  if (expires < until) return `ends on ${expires}, before ${until}`;
  const unknown = Object.keys(scope).find((name) => !KNOWN_SCOPES.has(name));
  if (unknown !== undefined) return `is limited to ${unknown}, which no request tells`;
  if (scope.images !== undefined && pods === 'some') return 'is for images, and the policy is not only about pods';
  const id = scope.workloads?.find((name) => name.includes('/'));
  return id === undefined ? undefined : `names the cluster of ${id}, which an API server does not know of itself`;
}

const nameOf = (object: string): string =>
  `(has(${object}.metadata) && has(${object}.metadata.name) ? ${object}.metadata.name : '')`;

/** Whoever asks can write any owner into an object: only controllers of Kubernetes itself are taken at their word. */
const BY_CONTROLLER = `request.userInfo.username in [${KUBERNETES_CONTROLLERS.map((name) => `'${name}'`).join(', ')}]`;

/** Whether its controller is meant, or what that is named after: see `controllersOf` of the evaluator. */
function madeBy(object: string, workloads: readonly string[]): string {
  const metadata = `${object}.metadata`;
  const hash = `${metadata}.labels['pod-template-hash']`;
  const deployment = `o.name.substring(0, size(o.name) - size(${hash}) - 1)`;
  const cronJob = 'o.name.substring(0, size(o.name) - 9)';
  return (
    `${BY_CONTROLLER} && has(${metadata}) && has(${metadata}.ownerReferences) && ${metadata}.ownerReferences.exists(o, ` +
    `has(o.controller) && o.controller && (${nameIn('o.name', workloads)} || ` +
    `o.kind == 'ReplicaSet' && has(${metadata}.labels) && 'pod-template-hash' in ${metadata}.labels && ` +
    `o.name.endsWith('-' + ${hash}) && (${nameIn(deployment, workloads)}) || ` +
    `o.kind == 'Job' && o.name.matches('-[0-9]{8}$') && (${nameIn(cronJob, workloads)})))`
  );
}

/** What must hold beside the images. */
function termsOf({ spec: { scope } }: Exception, object: string): string[] {
  const terms: string[] = [];
  if (scope.namespaces !== undefined) terms.push(`(${nameIn(NAMESPACE, scope.namespaces)})`);
  if (scope.workloads !== undefined)
    terms.push(`(${nameIn(nameOf(object), scope.workloads)} || ${madeBy(object, scope.workloads)})`);
  if (scope.labels !== undefined) terms.push(`(${labelsAre(object, scope.labels)})`);
  if (scope.actors !== undefined) terms.push(`(${nameIn('request.userInfo.username', scope.actors)})`);
  return terms;
}
