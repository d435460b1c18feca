import type { Behaviour, BehaviourProfile, Exception, JsonObject, ObjectEdit, Workload } from '@breakwater/model';
import type { CompiledPolicy } from '../policy/index.ts';

/** Why a target cannot enforce a policy as it stands: what it would have to say, and cannot. */
export interface Gap {
  code: 'phase' | 'language' | 'fact' | 'kind' | 'function' | 'literal' | 'version' | 'exception' | 'name';
  message: string;
  /** Path inside the policy, where a part of it is the reason. */
  pointer?: (string | number)[];
}

/** For what, and how, policies are compiled. */
export interface CompileOptions {
  /** Minor version of Kubernetes, as `parseKubernetesVersion` gives it; the newest when absent. */
  kubernetes?: number;
  /** Exceptions at hand, of any policy. */
  exceptions?: readonly Exception[];
  /** Today, `2026-11-22`: exceptions that ended before it no longer count. */
  today: string;
  /**
   * Day by which what is compiled will have been replaced. Exceptions that last until then are compiled in; without it
   * none is, because nothing there would end them.
   */
  until?: string;
  /** What an expression that cannot be evaluated means: by default `Fail`, as an unknown never passes. */
  failurePolicy?: 'Fail' | 'Ignore';
  /** Namespaces in which nothing is enforced, whatever policies say. */
  excludedNamespaces?: readonly string[];
}

/** What became of one policy: the objects that enforce it, or the reasons why there are none. Never both. */
export interface Compilation {
  policy: string;
  objects: JsonObject[];
  gaps: Gap[];
  /** Last day on which the objects say what the policy and its exceptions say; without end when absent. */
  validUntil?: string;
}

/** Something in a profile that a target cannot hold a workload to, or holds it to in another way; in words. */
export interface ProfileGap {
  /** Of what kind of behaviour; absent where it is of all. */
  dimension?: Behaviour['dimension'];
  message: string;
}

/** For what, and how, profiles are compiled. */
export interface ConfineOptions {
  /** Labels of the pods that the profile is of; those of `workload` where they are absent. */
  selector?: Readonly<Record<string, string>> | undefined;
  /** Namespace of what is written; that of the profile's subject where it is absent. */
  namespace?: string | undefined;
  /** The workload as manifests have it, with its mounts and containers. */
  workload?: Workload | undefined;
  /** `audit` where the target can tell without refusing. */
  step: 'audit' | 'block';
}

/**
 * What a target would do with a behaviour once it blocks: `allowed`, `refused`, or `open` where it does not look at such.
 */
export type Judgement = 'allowed' | 'refused' | 'open';

/** What holds a workload to its profile, and what of the profile it cannot express. */
export interface Confinement {
  subject: string;
  /** Objects to apply; empty where there are only edits, or nothing could be compiled. */
  objects: JsonObject[];
  /** Edits of the workload's own manifest, where it was given. */
  edits: ObjectEdit[];
  gaps: ProfileGap[];
  judge(behaviour: Behaviour): Judgement;
}

/** Something that enforces policies or profiles by itself, from documents that are compiled from ours. */
export interface CompileTarget {
  /** As it is typed: `validating-admission-policy`. */
  name: string;
  /** For lists in help. */
  summary: string;
  /** How its documents are written; as YAML for `kubectl` where it is absent. */
  format?: 'json';
  /** Compiles a policy; absent where none can be said in it. */
  compile?(policy: CompiledPolicy, options: CompileOptions): Compilation;
  /**
   * Kinds of behaviour that it refuses to containers. Of each list the first is what it looks at, and the others what has to be
   * known as well: who drops a capability refuses a port that takes it.
   */
  refuses?: readonly (readonly [Behaviour['dimension'], ...Behaviour['dimension'][]])[];
  /** Kinds of which it only tells, whatever the step. */
  tells?: readonly Behaviour['dimension'][];
  /** Whether its documents refuse from the moment that they are applied, whatever the step. */
  refusesAtOnce?: true;
  /** Whether it can tell instead of refuse without taking anything else away. */
  canAudit?: true;
  /** Compiles a profile; absent where none can be said in it. */
  confine?(profile: BehaviourProfile, options: ConfineOptions): Confinement;
}
