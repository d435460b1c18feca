import type { PolicySummary } from '@breakwater/model';
import { Link } from 'wouter';
import { useRoute } from '../client/queries.ts';
import { useDrawerAddress } from '../client/scope.ts';
import { SubPlaces } from '../frame/sub-places.tsx';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { EmptyState, ErrorState, PageSkeleton } from '../states/states.tsx';
import { count, plural } from '../words/numbers.ts';
import { EnforcementMarks } from './enforcement-marks.tsx';
import styles from './policies.module.css';

/** What must hold, and how the estate stands to it. */
export default function PoliciesPage() {
  const { data, error, refetch } = useRoute('/api/policies');
  return (
    <div className={styles.page}>
      <title>Policies · Breakwater</title>
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <PageSkeleton />}
      {data !== undefined && <Policies policies={data.items} />}
    </div>
  );
}

/** Failed first, then what could not be decided, then by name. */
export function byNeed(a: PolicySummary, b: PolicySummary): number {
  return b.failed - a.failed || b.unknown - a.unknown || a.title.localeCompare(b.title);
}

function Policies({ policies }: { policies: readonly PolicySummary[] }) {
  const drawer = useDrawerAddress();
  const failing = policies.filter(({ failed }) => failed > 0).length;
  if (policies.length === 0) {
    return (
      <EmptyState title="No policies are loaded">
        Policies are YAML files in the folder <code>policies</code>. Check them with{' '}
        <code>npx breakwater policy test</code>
      </EmptyState>
    );
  }
  return (
    <>
      <h1>{failing === 0 ? 'No policy fails' : `${plural(failing, 'policy fails', 'policies fail')} somewhere`}</h1>
      <p className="soft">
        {plural(policies.length, 'policy', 'policies')}. What could not be decided is counted apart and never as passed.
      </p>
      <SubPlaces of="Policies" current="/policies" />
      <div className="panel scroll-x">
        <table className={`rows ${styles.table}`}>
          <ColumnHeads
            of={[
              'Policy',
              'Severity',
              { name: 'Build, deploy, run', className: 'wide-only' },
              { name: 'Failed', className: 'number' },
              { name: 'Unknown', className: 'number' },
              { name: 'Passed', className: 'number wide-only' },
              { name: 'Excepted', className: 'number wide-only' },
            ]}
          />
          <tbody>
            {policies.toSorted(byNeed).map((policy) => (
              <tr key={policy.name}>
                <td>
                  <Link href={drawer('policy', policy.name)}>{policy.title}</Link>
                </td>
                <td>
                  <SeverityMark grade={policy.severity} />
                </td>
                <td className="wide-only">
                  <EnforcementMarks policy={policy} />
                </td>
                <td className={`number ${styles.tally}`} data-some={policy.failed > 0}>
                  {count(policy.failed)}
                </td>
                <td className={`number ${styles.tally}`}>{count(policy.unknown)}</td>
                <td className={`number wide-only ${styles.tally}`}>{count(policy.passed)}</td>
                <td className={`number wide-only ${styles.tally}`}>{count(policy.excepted)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
