import type { Exception } from '@breakwater/model';
import { hasLabels, nameMatches, type SubjectTraits } from './match.ts';

/** What an exception's scope is held against. */
export interface ExceptionSubject extends SubjectTraits {
  policy: string;
  /** Workload id. */
  id: string;
  /** The images concerned, each with every reference it is known by. */
  images: readonly (readonly string[])[];
  /** Ids under which the vulnerability is known, where one is concerned. */
  vulnerabilities: readonly string[];
}

/** Whether it still counts: `expires` is the last day on which it does, in UTC. */
const isInForce = (exception: Exception, now: string): boolean => now.slice(0, 10) <= exception.spec.expires;

function covers({ spec }: Exception, subject: ExceptionSubject): boolean {
  const { scope } = spec;
  if (!spec.policies.includes(subject.policy)) return false;
  if (scope.namespaces !== undefined && !nameMatches(subject.namespace, scope.namespaces)) return false;
  if (scope.workloads?.some((name) => name === subject.id || nameMatches(subject.name, [name])) === false) return false;
  if (scope.labels !== undefined && !hasLabels(subject.labels, scope.labels)) return false;
  if (scope.images !== undefined && !coversImages(subject.images, scope.images)) return false;
  return (
    scope.vulnerabilities === undefined || subject.vulnerabilities.some((id) => scope.vulnerabilities?.includes(id))
  );
}

/** Every image concerned must be in scope: an exception for one container does not cover the pod. */
const coversImages = (images: readonly (readonly string[])[], scope: readonly string[]): boolean =>
  images.length > 0 && images.every((references) => references.some((reference) => nameMatches(reference, scope)));

/** The first exception in force whose whole scope the subject is in. */
export function findException(
  exceptions: readonly Exception[],
  subject: ExceptionSubject,
  now: string,
): Exception | undefined {
  return exceptions.find((exception) => isInForce(exception, now) && covers(exception, subject));
}
