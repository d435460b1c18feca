import type { Guard } from './guards.ts';

/** What of ours stands in front of an API server. */
export interface OurGuards {
  /** Our webhook is registered: it judges by every policy. */
  webhook: boolean;
  /** Policies that the API server enforces by itself, as they were compiled and bound. */
  compiled: ReadonlySet<string>;
}

/** Of what `breakwater compile` makes of a policy: the name begins so. */
const COMPILED = /^breakwater-/;

/** Finds what of ours is among the guards. */
export function ourGuards(guards: readonly Guard[]): OurGuards {
  const ours = guards.filter(({ isOurs, refuses }) => isOurs && refuses);
  const names = ours.flatMap(({ object: { kind, name } }) =>
    kind === 'ValidatingAdmissionPolicy' ? [name.replace(COMPILED, '')] : [],
  );
  return {
    webhook: ours.some(({ object }) => object.kind === 'ValidatingWebhookConfiguration'),
    compiled: new Set(names),
  };
}

/** Who refuses by a policy that blocks at admission; undefined where nobody is there to do so. */
export function refuserOf(policy: string, { webhook, compiled }: OurGuards): string | undefined {
  if (compiled.has(policy)) return 'the API server';
  return webhook ? 'Breakwater’s webhook' : undefined;
}
