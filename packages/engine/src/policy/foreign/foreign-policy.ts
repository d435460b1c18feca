import type { Enforcement, Place, Policy } from '@breakwater/model';
import type { ForeignMetadata } from '@breakwater/model/foreign';
import type { Failure } from '../cel/index.ts';
import { CelError, CelUnknown } from '../cel/index.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { isRecord } from '../loose-values.ts';
import { type Outcome, undecided } from '../outcome.ts';

/** What is known of a policy in another language before anything is judged. */
export interface ForeignPolicyHead {
  /** Name under which its results are shown. */
  name: string;
  kind: string;
  metadata: ForeignMetadata;
  place: Place;
  enforcement: Enforcement;
}

type Judge = Pick<CompiledPolicy, 'judge'>;

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/**
 * A policy that judges by its own rules. It enforces what its language says at build and deploy; of what runs it only
 * reports, as admission policies do: they kill nothing.
 */
export function foreignPolicy(head: ForeignPolicyHead, { judge }: Required<Judge>): CompiledPolicy {
  return {
    policy: shapeOf(head),
    place: head.place,
    rules: [],
    revisions: [],
    facts: new Set(['object']),
    about: 'object',
    kinds: undefined,
    language: head.kind,
    appliesTo: (_, facts) => isRecord(facts.object) || isRecord(facts['oldObject']),
    judge,
  };
}

function shapeOf({ name, kind, metadata, enforcement }: ForeignPolicyHead): Policy {
  const annotations = metadata.annotations ?? {};
  const about = (field: string): string | undefined => annotations[`policies.kyverno.io/${field}`]?.trim();
  const said = about('severity')?.toLowerCase();
  return {
    apiVersion: 'breakwater/v1',
    kind: 'Policy',
    metadata: { name },
    spec: {
      title: about('title') || name,
      why: about('description') || `The ${kind} ${metadata.name} asks for it.`,
      fix: `Change the object until the ${kind} ${metadata.name} lets it pass.`,
      severity: SEVERITIES.find((severity) => severity === said) ?? 'medium',
      controls: {},
      phases: ['build', 'deploy', 'run'],
      match: {},
      enforcement: { build: enforcement, deploy: enforcement, run: 'audit' },
      cases: [],
    },
  };
}

/** What a part of a policy that has a name of its own is called in results. */
export const part = (name: string, pointer: readonly (string | number)[] = []): NonNullable<Outcome['element']> => ({
  name,
  value: {},
  pointer: [...pointer],
});

/**
 * What follows from an expression that could not be evaluated. A missing fact leaves it unknown; an error is refused by
 * a policy that fails closed, and lets pass by one that does not: then it is unknown, and enforces nothing.
 */
export function outcomeOf(failure: Failure, failurePolicy: 'Fail' | 'Ignore'): Outcome {
  const outcome = undecided(failure);
  if (failure instanceof CelUnknown) return outcome;
  if (failurePolicy === 'Ignore') return { ...outcome, enforcement: 'audit' };
  const reason = failure instanceof CelError ? failure.$message : outcome.message;
  return { ...outcome, verdict: 'fail', message: `an expression fails, which the policy refuses: ${reason}` };
}

/** Enforcement that `validationActions` ask for. */
export function enforcementOf(actions: readonly string[]): Enforcement {
  if (actions.includes('Deny')) return 'block';
  return actions.includes('Warn') ? 'warn' : 'audit';
}
