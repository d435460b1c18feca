import { z } from 'zod';
import { Severity } from './advisory.ts';
import { Json } from './manifest.ts';
import { Place } from './place.ts';

export const Phase = z.enum(['build', 'deploy', 'run']);
export type Phase = z.infer<typeof Phase>;

/** The one ladder, in every phase. */
export const Enforcement = z.enum(['audit', 'warn', 'block']);
export type Enforcement = z.infer<typeof Enforcement>;

/** Incomplete is never clean: a fact that is missing gives `unknown`. */
export const Verdict = z.enum(['pass', 'fail', 'unknown']);
export type Verdict = z.infer<typeof Verdict>;

const name = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'lower-case letters, digits and hyphens');

const minor = z.string().regex(/^1\.\d{1,3}$/, 'a minor version of Kubernetes, such as "1.29"');

/** Kubernetes versions for which a revision of a rule holds: `from` is the first of them, `before` the first after. */
export const KubernetesRange = z.strictObject({ from: minor.optional(), before: minor.optional() });
export type KubernetesRange = z.infer<typeof KubernetesRange>;

/** A CEL condition. `require` must hold; `forbid` must not. */
export const Rule = z.strictObject({
  /** Without it the rule holds for every version. */
  kubernetes: KubernetesRange.optional(),
  /** Binds one element at a time: one verdict, place and message each. */
  each: z.enum(['containers', 'vulnerabilities']).optional(),
  expr: z.string().min(1),
  /** CEL expression that gives the sentence shown when the rule fails. */
  message: z.string().min(1),
});
export type Rule = z.infer<typeof Rule>;

/** A case carries the facts it is judged on: `object`, `image`, `vulnerabilities`, `exposure`, ... */
export const PolicyCase = z.strictObject({
  name: z.string(),
  /** Version of Kubernetes that the case is judged for; the newest when absent. */
  kubernetes: minor.optional(),
  given: z.record(z.string(), Json),
  verdict: Verdict,
});
export type PolicyCase = z.infer<typeof PolicyCase>;

export const Policy = z.strictObject({
  apiVersion: z.literal('breakwater/v1'),
  kind: z.literal('Policy'),
  metadata: z.strictObject({ name, annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.strictObject({
    title: z.string(),
    why: z.string(),
    fix: z.string(),
    severity: Severity,
    /** Framework to control numbers: `{ "nist-800-190": ["4.4.3"] }`. */
    controls: z.record(z.string(), z.array(z.string())).default({}),
    /** It is in force only where this pack is asked for; without it, always. */
    pack: name.optional(),
    /** Policies that say less: they are left out where this one is in force, so that a fault is told once. */
    overrides: z.array(name).optional(),
    phases: z.array(Phase).min(1),
    match: z
      .strictObject({
        kinds: z.array(z.string()).optional(),
        namespaces: z
          .strictObject({ include: z.array(z.string()).optional(), exclude: z.array(z.string()).optional() })
          .optional(),
        labels: z.record(z.string(), z.string()).optional(),
        events: z.array(z.string()).optional(),
      })
      .default({}),
    require: z.array(Rule).optional(),
    forbid: z.array(Rule).optional(),
    enforcement: z
      .strictObject({ build: Enforcement.optional(), deploy: Enforcement.optional(), run: Enforcement.optional() })
      .default({}),
    cases: z.array(PolicyCase).default([]),
  }),
});
export type Policy = z.infer<typeof Policy>;

/** A policy with the document it was read from; `pointer` is added where a part of it is at fault. */
export interface PolicyDocument {
  policy: Policy;
  place: Place;
  /** One of ours, whose expressions are known to compile: they are compiled when they are first needed. */
  builtIn?: boolean;
}

export const Exception = z.strictObject({
  apiVersion: z.literal('breakwater/v1'),
  kind: z.literal('Exception'),
  metadata: z.strictObject({ name }),
  spec: z.strictObject({
    policies: z.array(z.string()).min(1),
    scope: z.strictObject({
      namespaces: z.array(z.string()).optional(),
      workloads: z.array(z.string()).optional(),
      images: z.array(z.string()).optional(),
      labels: z.record(z.string(), z.string()).optional(),
      vulnerabilities: z.array(z.string()).optional(),
    }),
    owner: z.string().min(1),
    reason: z.string().min(1),
    /** Last day on which it counts, `2027-01-31`. */
    expires: z.iso.date(),
    compensating: z.string().optional(),
  }),
});
export type Exception = z.infer<typeof Exception>;

/** One policy judged on one subject (or one element of it). */
export const PolicyResult = z.object({
  policy: z.string(),
  title: z.string(),
  severity: Severity,
  /** Workload id or image id. */
  subject: z.string(),
  /** Container name or the like, where the rule went through a list. */
  element: z.string().optional(),
  phase: Phase,
  verdict: Verdict,
  enforcement: Enforcement,
  message: z.string(),
  fix: z.string(),
  place: Place.optional(),
  /** Name of the exception that covers it: it is shown, and gates nothing. */
  exception: z.string().optional(),
  /** Facts that were missing, for `unknown`. */
  missing: z.array(z.string()).default([]),
});
export type PolicyResult = z.infer<typeof PolicyResult>;
