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
  /**
   * Goes through a list or map: one verdict, place and message an element. `containers` binds each to `c`,
   * `vulnerabilities` to `v`; anything else is a CEL expression that gives the list or map (`object.rules`), whose
   * elements are bound to `item` and their index or key to `key`.
   */
  each: z.string().min(1).optional(),
  expr: z.string().min(1),
  /**
   * The field at fault, for line and column: a path from `object`, `workload.pod`, `c` or `item`, such as
   * `c.securityContext.privileged`. Of several the first that is written; of none that is, what would hold the first.
   */
  field: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  /** CEL expression that gives the sentence shown when the rule fails. */
  message: z.string().min(1),
});
export type Rule = z.infer<typeof Rule>;

/** A named expression that rules use as `variables.name`; it may use those before it. Evaluated once, when it is needed. */
export const PolicyVariable = z.strictObject({
  name: z.string().regex(/^[A-Za-z_]\w*$/, 'a name as CEL has them'),
  expression: z.string().min(1),
});
export type PolicyVariable = z.infer<typeof PolicyVariable>;

/** Selects by labels, as Kubernetes does: all of `matchLabels` and all of `matchExpressions` must hold. */
export const LabelSelector = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string().min(1),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});
export type LabelSelector = z.infer<typeof LabelSelector>;

/** What an admission request does. */
export const Operation = z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);
export type Operation = z.infer<typeof Operation>;

/** A list that holds nothing would match nothing, and the policy would never say a word. */
const NONE = 'it would match nothing: leave it out to match all';
/** As definitions of resources may call one: in lower case it is a label of DNS (RFC 1035). */
const kind = z
  .string()
  .regex(
    /^[A-Za-z](?:[-A-Za-z0-9]*[A-Za-z0-9])?$/,
    'name kinds as manifests do (Deployment), or leave it out to match all',
  );

/** What a policy is about; everything that is said must hold. */
export const PolicyMatch = z.strictObject({
  kinds: z.array(kind).min(1, NONE).optional(),
  /** Groups of `apiVersion`; empty for the core. For kinds whose name other groups have too. */
  apiGroups: z.array(z.string()).min(1, NONE).optional(),
  /** Requests that it judges, CREATE and UPDATE when absent. What is no request (a manifest, what runs) counts as CREATE. */
  operations: z.array(Operation).min(1).optional(),
  namespaces: z
    .strictObject({ include: z.array(z.string()).min(1, NONE).optional(), exclude: z.array(z.string()).optional() })
    .optional(),
  /** Labels of the object's namespace. Objects outside of namespaces match, as in Kubernetes. */
  namespaceSelector: LabelSelector.optional(),
  labels: z.record(z.string(), z.string()).optional(),
  /** CEL over the facts; the policy holds where all are true. */
  conditions: z.array(z.strictObject({ name: z.string().min(1), expr: z.string().min(1) })).optional(),
  events: z.array(z.string()).min(1, NONE).optional(),
});
export type PolicyMatch = z.infer<typeof PolicyMatch>;

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
    match: PolicyMatch.default({}),
    /** Values of `params` unless a setting gives others. */
    params: z.record(z.string(), Json).optional(),
    variables: z.array(PolicyVariable).optional(),
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

/** Changes policies without copying them: how far they are enforced, and their parameters. */
export const Setting = z.strictObject({
  apiVersion: z.literal('breakwater/v1'),
  kind: z.literal('Setting'),
  metadata: z.strictObject({ name }),
  spec: z.strictObject({
    /** Names; `team-*` stands for every name that begins so. */
    policies: z.array(z.string()).min(1),
    enforcement: z
      .strictObject({ build: Enforcement.optional(), deploy: Enforcement.optional(), run: Enforcement.optional() })
      .optional(),
    /** Replace the policy's own, one by one. */
    params: z.record(z.string(), Json).optional(),
  }),
});
/** A setting, with the document it was read from. */
export type Setting = z.infer<typeof Setting> & { place?: Place };

/** Lists of names; `team-*` stands for every name that begins so. */
const names = z.array(z.string().min(1)).min(1).optional();

export const ExceptionScope = z.strictObject({
  namespaces: names,
  /** Names, or whole ids. */
  workloads: names,
  /** References. What concerns several images is covered where all of them are. */
  images: names,
  labels: z
    .record(z.string(), z.string())
    .refine((labels) => Object.keys(labels).length > 0, 'name a label')
    .optional(),
  vulnerabilities: z.array(z.string().min(1)).min(1).optional(),
  /** Programs that act at run time, by path or name. */
  processes: names,
  /** Files that something is done to at run time, as the container sees them. */
  paths: names,
  /** Whom something connects to at run time: `192.0.2.7:443`, or by name, `api.example:443`. */
  peers: names,
  /** Users and service accounts that ask: `system:serviceaccount:ci:runner`. */
  actors: names,
});

export const Exception = z.strictObject({
  apiVersion: z.literal('breakwater/v1'),
  kind: z.literal('Exception'),
  metadata: z.strictObject({ name }),
  spec: z.strictObject({
    policies: z.array(z.string()).min(1),
    /** What it covers: everything that is said must hold. */
    scope: ExceptionScope.refine((scope) => Object.keys(scope).length > 0, 'say what it covers'),
    owner: z.string().min(1),
    reason: z.string().min(1),
    /** Last day on which it counts, `2027-01-31`. */
    expires: z.iso.date(),
    /** What keeps the risk small meanwhile. */
    compensating: z.string().min(1),
  }),
});
/** An exception, with the document it was read from. */
export type Exception = z.infer<typeof Exception> & { place?: Place };

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
  /** `unknown` because the subject is larger than what is judged: admission takes it for a failure. */
  tooLarge: z.boolean().optional(),
});
export type PolicyResult = z.infer<typeof PolicyResult>;
