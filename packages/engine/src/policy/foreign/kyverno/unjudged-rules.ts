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

function reasonOf({ validate, mutate, generate, verifyImages }: KyvernoRule): string | undefined {
  if (mutate !== undefined) return 'changes objects (mutate), which is not done here';
  if (generate !== undefined) return 'makes objects (generate), which is not done here';
  if (verifyImages !== undefined) return 'verifies signatures of images (verifyImages), which stays unknown here';
  if (!validate) return 'has no body that is known here';
  if (validate.manifests !== undefined) return 'verifies signatures of manifests, which stays unknown here';
  if (validate.assert !== undefined) return 'is an assertion tree, which stays unknown here';
  return undefined;
}
