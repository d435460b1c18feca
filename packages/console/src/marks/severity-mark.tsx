import type { PhaseMarks, Severity } from '@breakwater/model';
import styles from './marks.module.css';

/** A severity, or what a phase found when there was nothing to rate. */
export type Grade = Severity | 'clean';

const GRADE_WORDS: Record<Grade, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  unknown: 'Unknown',
  clean: 'Nothing found',
};

/** The shape of a grade: told apart without colour, from full diamond to dashed ring. */
function Glyph({ grade }: { grade: Grade }) {
  return (
    <svg className={styles.glyph} viewBox="0 0 10 10" aria-hidden="true">
      {grade === 'critical' && <path d="M5 0 10 5 5 10 0 5Z" fill="currentColor" />}
      {grade === 'high' && <path d="M5 1 9.6 9H.4Z" fill="currentColor" />}
      {grade === 'medium' && <rect x="1.2" y="1.2" width="7.6" height="7.6" rx="1" fill="currentColor" />}
      {grade === 'low' && <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.6" />}
      {grade === 'unknown' && (
        <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.3" strokeDasharray="1.9 1.9" />
      )}
      {grade === 'clean' && <path d="M1.5 5h7" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />}
    </svg>
  );
}

/** A severity as glyph, word and colour. */
export function SeverityMark({ grade }: { grade: Grade }) {
  return (
    <span className={styles.severity} data-grade={grade}>
      <Glyph grade={grade} />
      {GRADE_WORDS[grade]}
    </span>
  );
}

const PHASES = [
  { key: 'build', letter: 'B', word: 'Built' },
  { key: 'deploy', letter: 'D', word: 'Deployed' },
  { key: 'run', letter: 'R', word: 'Running' },
] as const;

/** What build, deployment and running each know of a workload: letter, glyph and colour; the words on hover. */
export function PhaseTrio({ phases }: { phases: PhaseMarks }) {
  return (
    <span className={styles.trio}>
      {PHASES.map(({ key, letter, word }) => {
        const words = `${word}: ${GRADE_WORDS[phases[key]].toLowerCase()}`;
        return (
          <span key={key} className={styles.phase} data-grade={phases[key]} data-words={words}>
            <span aria-hidden="true">{letter}</span>
            <Glyph grade={phases[key]} />
            <span className="heard">{words}. </span>
          </span>
        );
      })}
    </span>
  );
}
