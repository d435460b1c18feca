import type { KyvernoPolicy, KyvernoRule } from '@breakwater/model/foreign';

/** A rule that is not judged, or not by all that it says. */
export interface UnjudgedRule {
  pointer: (string | number)[];
  message: string;
}

/** Rules that do something else than judge, each by its name: nobody may take them for judged. */
export const unjudgedRules = ({ spec }: KyvernoPolicy): UnjudgedRule[] =>
  spec.rules.flatMap((rule, index) => {
    const what = reasonOf(rule);
    return what === undefined ? [] : [{ pointer: ['spec', 'rules', index], message: `the rule ${rule.name} ${what}` }];
  });

const BODIES = ['deny', 'pattern', 'anyPattern', 'foreach', 'podSecurity', 'cel'] as const;

/** Bodies of a rule or of a loop: it may have one. */
export const bodiesOf = (checks: Readonly<Partial<Record<(typeof BODIES)[number], unknown>>>): readonly string[] =>
  BODIES.filter((body) => checks[body] !== undefined && checks[body] !== null);

function reasonOf({ validate, mutate, generate, verifyImages }: KyvernoRule): string | undefined {
  if (mutate !== undefined) return 'changes objects (mutate), which is not done here';
  if (generate !== undefined) return 'makes objects (generate), which is not done here';
  if (verifyImages !== undefined) return 'verifies signatures of images (verifyImages), which stays unknown here';
  if (!validate) return 'has no body that is known here';
  if (validate.manifests !== undefined) return 'verifies signatures of manifests, which stays unknown here';
  if (validate.assert !== undefined) return 'is an assertion tree, which stays unknown here';
  const bodies = bodiesOf(validate);
  return bodies.length > 1 ? `has more than one body (${bodies.join(', ')}), and stays unknown` : undefined;
}
