import type { Exception } from '@breakwater/model';
import type { Controller } from './controllers.ts';
import { hasLabels, nameMatches } from './match.ts';
import type { SubjectTraits } from './traits.ts';

/** What an exception's scope is held against. */
export interface ExceptionSubject extends SubjectTraits {
  policy: string;
  /** Workload id. */
  id: string;
  /** What made it: an exception for a Deployment covers its pods. */
  controllers: readonly Controller[];
  /** The images concerned, each with every reference it is known by. */
  images: readonly (readonly string[])[];
  /** Ids under which the vulnerability is known, where one is concerned. */
  vulnerabilities: readonly string[];
  /** Path of the program that did it, where one did; and with the applet that it is, as `namesOfProgram` gives them. */
  processes: readonly string[];
  /** Who asked for it, where somebody did. */
  actors: readonly string[];
  /** Files that it was done to, where it was done to some. */
  paths: readonly string[];
  /** Whom it was done to over the network, by each name with the port. */
  peers: readonly string[];
}

/** Whether it still counts: `expires` is the last day on which it does, in UTC. */
const isInForce = (exception: Exception, now: string): boolean => now.slice(0, 10) <= exception.spec.expires;

type Scoping = (scope: Exception['spec']['scope'], subject: ExceptionSubject) => boolean;

/** One for each part of a scope; all parts that are given must hold. What is not known of a subject is in no scope. */
const SCOPES: readonly Scoping[] = [
  ({ namespaces }, { namespace }) => namespaces === undefined || nameMatches(namespace, namespaces),
  ({ workloads }, subject) => workloads === undefined || isAmongWorkloads(workloads, subject),
  ({ labels: wanted }, { labels }) => wanted === undefined || hasLabels(labels, wanted),
  ({ images: scope }, { images }) => scope === undefined || coversImages(images, scope),
  ({ vulnerabilities: ids }, { vulnerabilities }) =>
    ids === undefined || vulnerabilities.some((id) => ids.includes(id)),
  ({ processes: scope }, { processes }) =>
    scope === undefined || processes.some((path) => nameMatches(path, scope) || nameMatches(programOf(path), scope)),
  ({ paths: scope }, { paths }) => scope === undefined || paths.some((path) => nameMatches(path, scope)),
  ({ peers: scope }, { peers }) => scope === undefined || peers.some((peer) => nameMatches(peer, scope)),
  ({ actors: scope }, { actors }) => scope === undefined || actors.some((actor) => nameMatches(actor, scope)),
];

/** By name or id, of itself or of what made it. Ids are `cluster/namespace/Kind/name`. */
function isAmongWorkloads(workloads: readonly string[], { id, name, controllers }: ExceptionSubject): boolean {
  if (workloads.includes(id) || nameMatches(name, workloads)) return true;
  const place = id.split('/').slice(0, 2).join('/');
  return controllers.some(
    (controller) =>
      nameMatches(controller.name, workloads) || workloads.includes(`${place}/${controller.kind}/${controller.name}`),
  );
}

/**
 * By which names an exception may mean a program: its path, and of many programs in one file which of them it is,
 * `/bin/busybox (cat)`. The path alone means all of them.
 */
export const namesOfProgram = (path: string, applet: string | undefined): string[] =>
  path === '' ? [] : applet === undefined || applet === '' ? [path] : [path, `${path} (${applet})`];

const programOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Every image concerned must be in scope: an exception for one container does not cover the pod. */
const coversImages = (images: readonly (readonly string[])[], scope: readonly string[]): boolean =>
  images.length > 0 && images.every((references) => references.some((reference) => nameMatches(reference, scope)));

/** Those in force, by policy: many subjects are judged with one list on one day. */
const inForce = new WeakMap<readonly Exception[], { day: string; count: number; byPolicy: Map<string, Exception[]> }>();

function exceptionsInForce(exceptions: readonly Exception[], now: string): Map<string, Exception[]> {
  const day = now.slice(0, 10);
  const kept = inForce.get(exceptions);
  if (kept?.day === day && kept.count === exceptions.length) return kept.byPolicy;
  const byPolicy = new Map<string, Exception[]>();
  for (const exception of exceptions) {
    if (!isInForce(exception, now)) continue;
    for (const policy of new Set(exception.spec.policies)) {
      const own = byPolicy.get(policy) ?? [];
      own.push(exception);
      byPolicy.set(policy, own);
    }
  }
  inForce.set(exceptions, { day, count: exceptions.length, byPolicy });
  return byPolicy;
}

/** The first exception in force whose whole scope the subject is in. */
export function findException(
  exceptions: readonly Exception[],
  subject: ExceptionSubject,
  now: string,
): Exception | undefined {
  const own = exceptionsInForce(exceptions, now).get(subject.policy);
  return own?.find(({ spec }) => SCOPES.every((holds) => holds(spec.scope, subject)));
}
