import { type Finding, findingKey, type PolicyResult } from '@breakwater/model';

/** Ids that tell what a result is about. */
export interface KnownSubjects {
  workloads: ReadonlySet<string>;
  images: ReadonlySet<string>;
}

/** Findings of policies that failed or could not be decided; what passed leaves none. */
export function policyFindings(
  results: PolicyResult[],
  { workloads, images }: KnownSubjects,
  whyOf: (policy: string) => string,
): Finding[] {
  return results
    .filter((result) => result.verdict !== 'pass')
    .map((result): Finding => {
      const { subject } = result;
      return {
        key: findingKey({ subject, rule: result.policy, detail: result.element ?? '' }),
        kind: 'policy',
        phase: result.phase,
        rule: result.policy,
        title: result.title,
        severity: result.verdict === 'unknown' ? 'unknown' : result.severity,
        subject,
        ...(workloads.has(subject) ? { workload: subject } : {}),
        ...(images.has(subject) ? { image: subject } : {}),
        message: result.message,
        why: whyOf(result.policy),
        fix: result.fix,
        confidence:
          result.verdict === 'unknown'
            ? `Not decided: ${result.missing.join(', ')} not known`
            : 'Read from the manifest as it stands',
        notChecked: result.missing.join(', '),
        verdict: result.verdict,
        enforcement: result.enforcement,
        matters:
          result.verdict === 'fail' &&
          !result.exception &&
          (result.severity === 'critical' || result.severity === 'high'),
        ...(result.exception ? { exception: result.exception } : {}),
        places: result.place ? [result.place] : [],
      };
    });
}
