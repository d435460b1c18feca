import type { ComparedRelease, ReleaseComparison } from '@breakwater/model';
import { Link } from 'wouter';
import { profileAddress } from '../client/addresses.ts';
import { useRoute } from '../client/queries.ts';
import { usePathId, useQueryValue } from '../client/scope.ts';
import { ErrorState, Notice, PageSkeleton } from '../states/states.tsx';
import { plural } from '../words/numbers.ts';
import { inFull } from '../words/times.ts';
import styles from './behaviour.module.css';
import { BehaviourLine } from './behaviour-line.tsx';
import { hours } from './dimension-table.tsx';
import { ReleaseChanges } from './release-changes.tsx';
import { imageName } from './release-list.tsx';
import { ChangedUse } from './resource-bars.tsx';
import { shortName } from './short-name.ts';

/** Two releases beside each other: what changed in the image and the manifest, and what changed in behaviour. */
export default function ReleasePage() {
  const subject = usePathId('/releases/');
  const query = { container: useQueryValue('container'), from: useQueryValue('from'), to: useQueryValue('to') };
  const { data, error, refetch } = useRoute('/api/profiles/{subject}/releases', { segments: { subject }, query });
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <>
      <title>{`Releases of ${shortName(subject)} · Breakwater`}</title>
      {data === undefined ? <PageSkeleton rows={3} /> : <Comparison comparison={data} />}
    </>
  );
}

function Comparison({ comparison }: { comparison: ReleaseComparison }) {
  const { subject, container, from, to, difference, unknowns, unexplained, learned, explained, gone, resources } =
    comparison;
  return (
    <div className={styles.page}>
      <div>
        <nav aria-label="Breadcrumb">
          <ol className="crumbs">
            <li>
              <Link href="/inventory?tab=behaviour">Behaviour</Link>
            </li>
            <li>
              <Link href={profileAddress(subject, container)}>{shortName(subject)}</Link>
            </li>
          </ol>
        </nav>
        <h1>{verdict(comparison)}</h1>
      </div>
      <dl className={styles.sides}>
        <Side name="Before" release={from} />
        <Side name="After" release={to} />
      </dl>
      {unknowns.length > 0 && <Notice>{unknowns.join(' ')}</Notice>}
      <div className={styles.pair}>
        <ReleaseChanges difference={difference} />
        <section className="panel" aria-labelledby="new">
          <header>
            <h2 id="new">What changed in what it does</h2>
          </header>
          <NewGroup
            title={`${plural(unexplained.length, 'new behaviour')} that nothing explains`}
            items={unexplained}
            explained={false}
          />
          <NewGroup
            title={`${plural(learned.length, 'new behaviour')} from when new ones were still to be expected`}
            items={learned}
            explained={false}
          />
          <NewGroup
            title={`${plural(explained.length, 'new behaviour')} that the release explains`}
            items={explained}
            explained
          />
          <NewGroup title={`${plural(gone.length, 'behaviour')} not seen any more`} items={gone} explained />
          <ChangedUse resources={resources} />
          {unexplained.length + learned.length + explained.length + gone.length + resources.length === 0 && (
            <p className="inside soft">It does what it did before.</p>
          )}
        </section>
      </div>
    </div>
  );
}

function verdict({ subject, unexplained, learned, explained }: ReleaseComparison): string {
  const name = shortName(subject);
  if (unexplained.length > 0)
    return `${name}: ${plural(unexplained.length, 'new behaviour')} that the release does not explain`;
  if (learned.length > 0)
    return `${name}: ${plural(learned.length, 'new behaviour')}, and new ones were still to be expected`;
  if (explained.length > 0) return `${name}: all ${plural(explained.length, 'new behaviour')} explained by the release`;
  return `${name}: the release does nothing new`;
}

function Side({ name, release }: { name: string; release: ComparedRelease }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{imageName(release)}</b>
        <p className="soft">
          since {inFull(release.since)}, {hours(release.minutes)} of {plural(release.replicas, 'replica')}
        </p>
      </dd>
    </div>
  );
}

interface NewGroupProps {
  title: string;
  items: readonly (ReleaseComparison['unexplained'][number] & { by?: string })[];
  explained: boolean;
}

function NewGroup({ title, items, explained }: NewGroupProps) {
  if (items.length === 0) return null;
  return (
    <div className={styles.group}>
      <h3>{title}</h3>
      <ul className={styles.news}>
        {items.map(({ key, behaviour, by }) => (
          <li key={key} data-explained={explained}>
            <p>
              <BehaviourLine behaviour={behaviour} withActor />
            </p>
            {by !== undefined && <p className="soft">because {by}</p>}
          </li>
        ))}
      </ul>
    </div>
  );
}
