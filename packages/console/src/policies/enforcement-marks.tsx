import type { PolicySummary } from '@breakwater/model';
import styles from './policies.module.css';

const PHASES = [
  { phase: 'build', word: 'at build' },
  { phase: 'deploy', word: 'at deployment' },
  { phase: 'run', word: 'at run time' },
] as const;

/** How a policy is enforced in each phase: audit, warn, block; a dash where it is not judged. */
export function EnforcementMarks({ policy }: { policy: PolicySummary }) {
  return (
    <span className={styles.marks}>
      {PHASES.map(({ phase, word }) => {
        const judged = policy.phases.includes(phase);
        const how = judged ? (policy.enforcement[phase] ?? 'audit') : undefined;
        return (
          <span key={phase} className={styles.mark} data-how={how ?? 'none'}>
            {how ?? <span aria-hidden="true">–</span>}
            <span className="heard">{how === undefined ? `not judged ${word}` : ` ${word}`}, </span>
          </span>
        );
      })}
    </span>
  );
}
