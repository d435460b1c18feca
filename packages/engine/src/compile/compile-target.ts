import type { Exception, JsonObject } from '@breakwater/model';
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

/** Something that enforces policies by itself, from documents that are compiled from ours. */
export interface CompileTarget {
  /** As it is typed: `validating-admission-policy`. */
  name: string;
  /** For lists in help. */
  summary: string;
  compile(policy: CompiledPolicy, options: CompileOptions): Compilation;
}
