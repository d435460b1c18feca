import type { Summary } from '@breakwater/model';
import { Link } from 'wouter';
import { useDrawerAddress } from '../client/scope.ts';
import { count, countWord, percent, plural } from '../words/numbers.ts';
import styles from './inbox.module.css';

/** The result in one sentence: what a few changes would take away. */
export function headlineSentence({ loss, topFixes }: Pick<Summary, 'loss' | 'topFixes'>): string {
  // What only takes what is not used stands behind, and removes no loss.
  const able = topFixes.filter(({ lossRemoved }) => lossRemoved > loss / 1_000);
  const last = able.at(-1);
  if (loss <= 0) return 'No way to a loss was found in what could be read';
  if (last === undefined) return 'No change at hand lowers the expected loss';
  const one = able.length === 1;
  return `${countWord(able.length)} ${one ? 'change removes' : 'changes remove'} ${percent(last.lossRemovedTogether / loss)} of the expected loss`;
}

/** Headline, and in one line the size of the estate and how little of what is known matters. */
export function Headline({ summary }: { summary: Summary }) {
  const { workloads, clusters, vulnerabilities } = summary;
  const drawer = useDrawerAddress();
  return (
    <div>
      <h1>{headlineSentence(summary)}</h1>
      <p className={`told ${styles.sub}`}>
        {plural(workloads, 'workload')} in {plural(clusters, 'cluster')}. {count(vulnerabilities.total)} known
        vulnerabilities; <b>{count(vulnerabilities.matter)} matter here</b>.{' '}
        {vulnerabilities.total > vulnerabilities.matter && (
          <Link href={drawer('show', 'quiet')}>Why the rest do not</Link>
        )}
      </p>
    </div>
  );
}
