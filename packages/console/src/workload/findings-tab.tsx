import type { WorkloadStory } from '@breakwater/model';
import { FindingGroups } from '../finding/finding-groups.tsx';
import { QuietList } from '../inbox/quiet-list.tsx';
import { EmptyState } from '../states/states.tsx';
import styles from './workload.module.css';

/** Findings of all three phases together, and why the quiet ones are quiet. */
export function FindingsTab({ story: { findings, quiet } }: { story: WorkloadStory }) {
  if (findings.length === 0) {
    return (
      <EmptyState inside title="Nothing was found">
        No policy failed and no advisory matched in what could be read.
      </EmptyState>
    );
  }
  return (
    <div className={styles.story}>
      <FindingGroups findings={findings} />
      {quiet.length > 0 && (
        <section className="panel" aria-labelledby="quiet-all">
          <header>
            <h2 id="quiet-all">Why vulnerabilities do not matter here</h2>
          </header>
          <div className={styles.quiet}>
            <QuietList quiet={quiet} />
          </div>
        </section>
      )}
    </div>
  );
}
