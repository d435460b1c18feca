import type { Exception, Phase, Place, PolicyResult } from '@breakwater/model';
import { Failure } from './cel/index.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { type Controller, controllersOf, isKubernetesController } from './controllers.ts';
import { findException, namesOfProgram } from './exceptions.ts';
import type { Facts, PolicySubject } from './facts/facts.ts';
import type { Element } from './facts/workload.ts';
import { recordOf } from './loose-values.ts';
import type { Outcome } from './outcome.ts';
import type { SubjectTraits } from './traits.ts';

/** A subject while policies judge it. */
export interface Judging {
  subject: PolicySubject;
  traits: SubjectTraits;
  facts: Facts;
  phase: Phase;
  exceptions: readonly Exception[];
  /** ISO 8601. */
  now: string;
  /** Whether what passes is a result too. */
  keepsPasses: boolean;
}

/** One list for all results that miss nothing: there may be a hundred thousand. */
const NOTHING_MISSING: string[] = [];

/** An outcome as a result, with what the policy says of itself and the exception that covers it. */
export function resultOf(compiled: CompiledPolicy, outcome: Outcome, judging: Judging): PolicyResult {
  const { metadata, spec } = compiled.policy;
  const { subject, phase } = judging;
  const result: PolicyResult = {
    policy: metadata.name,
    title: spec.title,
    severity: spec.severity,
    subject: subject.id,
    phase,
    verdict: outcome.verdict,
    enforcement: outcome.enforcement ?? spec.enforcement[phase] ?? 'audit',
    message: outcome.message === '' ? spec.title : outcome.message,
    fix: spec.fix,
    missing: outcome.missing.length === 0 ? NOTHING_MISSING : [...outcome.missing],
  };
  if (outcome.tooLarge && outcome.verdict === 'unknown' && !readsCluster(compiled)) result.tooLarge = true;
  if (outcome.element !== undefined) result.element = outcome.element.name;
  if (subject.place !== undefined)
    result.place = outcome.verdict === 'pass' ? subject.place : placeOf(subject.place, outcome);
  if (outcome.exception !== undefined) result.exception = outcome.exception;
  else if (outcome.verdict !== 'pass' && judging.exceptions.length > 0) {
    const exception = exceptionOf(metadata.name, outcome, judging);
    if (exception !== undefined) result.exception = exception.metadata.name;
  }
  return result;
}

/** What it goes through is then not of the subject alone. */
const readsCluster = ({ facts }: CompiledPolicy): boolean =>
  ['estate', 'grants', 'network', 'permissions', 'tenancy'].some((fact) => facts.has(fact));

function placeOf(place: Place, { element, pointer = element?.pointer }: Outcome): Place {
  if (pointer === undefined || pointer.length === 0) return place;
  return {
    ...place,
    pointer: place.pointer === undefined ? (pointer as (string | number)[]) : [...place.pointer, ...pointer],
  };
}

const texts = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string');

function exceptionOf(policy: string, { element }: Outcome, judging: Judging): Exception | undefined {
  const { subject, traits, facts, exceptions, now } = judging;
  const { id, aliases } = element?.value ?? {};
  const vulnerabilities = texts([id, ...(Array.isArray(aliases) ? aliases : [])]);
  const images = imagesConcerned(element, judging);
  const { path: program, applet } = recordOf(facts['process']);
  const processes = texts([program]).flatMap((path) => namesOfProgram(path, texts([applet])[0]));
  const event = recordOf(facts['event']);
  const actors = texts([
    recordOf(recordOf(facts['request'])['userInfo'])['username'],
    recordOf(facts['identity'])['name'],
    recordOf(event['request'])['user'],
  ]);
  const concerned = {
    ...traits,
    policy,
    id: subject.id,
    controllers: makersOf(subject),
    images,
    vulnerabilities,
    processes,
    actors,
    paths: texts([recordOf(event['file'])['path']]),
    peers: peersOf(recordOf(event['peer'])),
  };
  return findException(exceptions, concerned, now);
}

/**
 * Whoever asks for an object can write any owner into it: in a request only controllers' own word counts. Of what is
 * deleted the object that goes tells it.
 */
function makersOf({ object, facts, controllers }: PolicySubject): readonly Controller[] {
  if (controllers !== undefined) return controllers;
  const request = facts?.['request'];
  const isTold = request === undefined || isKubernetesController(recordOf(recordOf(request)['userInfo'])['username']);
  return isTold ? controllersOf(object ?? recordOf(facts?.['oldObject'])) : [];
}

const peersOf = ({ address, name, port }: Record<string, unknown>): string[] =>
  texts([address, name]).flatMap((host) => (host === '' ? [] : `${host}:${port}`));

/** The container's image, the pod's, or the one that is judged itself. */
function imagesConcerned(element: Element | undefined, { subject, traits, facts }: Judging): string[][] {
  if (traits.event !== '') {
    const { image, imageDigest } = recordOf(recordOf(facts['event'])['container']);
    return [texts([image, imageDigest]).filter((reference) => reference !== '')];
  }
  if (traits.kind === '') return [texts([subject.id, subject.image?.target, ...(subject.image?.references ?? [])])];
  if (element?.value['image'] !== undefined) return [texts([element.value['image']])];
  const containers = facts.elements('containers');
  return containers instanceof Failure ? [] : containers.map(({ value }) => texts([value['image']]));
}
