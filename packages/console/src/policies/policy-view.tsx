import type { PolicySummary } from '@breakwater/model';
import { Link } from 'wouter';
import { useRoute } from '../client/queries.ts';
import { useDrawerAddress } from '../client/scope.ts';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import { count } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import styles from './policies.module.css';

/** Findings of one policy that are asked for. */
const FINDINGS_ASKED = 200;

/** A policy: why it is there, how it is enforced, and where it fails. */
export default function PolicyView({ name }: { name: string }) {
  const drawer = useDrawerAddress();
  const policies = useRoute('/api/policies');
  const findings = useRoute('/api/findings', { query: { rule: name, limit: FINDINGS_ASKED } });
  if (policies.error !== null)
    return <ErrorState error={policies.error} retry={() => void policies.refetch()} inside />;
  if (policies.data === undefined) return <LinesSkeleton />;
  const policy = policies.data.items.find((item) => item.name === name);
  if (policy === undefined)
    return (
      <EmptyState inside title="No policy has this name">
        {name}
      </EmptyState>
    );
  const failing = findings.data?.items ?? [];
  return (
    <div className="drawer-view">
      <h3>{policy.title}</h3>
      <p className={styles.line}>
        <SeverityMark grade={policy.severity} />
        <span className="soft">{enforcementWords(policy)}</span>
      </p>
      <p>{policy.why}</p>
      <p className="soft">
        {count(policy.failed)} failed, {count(policy.unknown)} could not be decided, {count(policy.passed)} passed,{' '}
        {count(policy.excepted)} excepted.
      </p>
      {findings.data === undefined && <LinesSkeleton />}
      {failing.length > 0 && (
        <section aria-labelledby="failing">
          <h2 id="failing">Where it fails</h2>
          <ul className={styles.failing}>
            {failing.map((finding) => (
              <li key={finding.key}>
                <Link href={drawer('finding', finding.key)}>{finding.workload ?? finding.subject}</Link>
                <p className="soft">
                  <Sentence text={finding.message} />
                </p>
              </li>
            ))}
          </ul>
          {findings.data !== undefined && findings.data.total > failing.length && (
            <p className="soft">and {count(findings.data.total - failing.length)} more.</p>
          )}
        </section>
      )}
    </div>
  );
}

const PHASE_WORDS = { build: 'at build', deploy: 'at deployment', run: 'at run time' } as const;

/** Where it is judged and what it does there: `block at build, warn at deployment`. */
function enforcementWords({ phases, enforcement }: PolicySummary): string {
  return phases.map((phase) => `${enforcement[phase] ?? 'audit'} ${PHASE_WORDS[phase]}`).join(', ');
}
