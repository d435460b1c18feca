import type { FixStory } from '@breakwater/model';
import { Link } from 'wouter';
import { workloadAddress } from '../client/addresses.ts';
import { useRoute } from '../client/queries.ts';
import { ErrorState, LinesSkeleton } from '../states/states.tsx';
import { percent, points, removed } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import styles from './fix.module.css';
import { PatchView } from './patch-view.tsx';

/** A fix: what it removes, its patch, what to check; alike in the drawer and on its page. */
export default function FixView({ n, isPage = false }: { n: number; isPage?: boolean }) {
  const { data, error, refetch } = useRoute('/api/fixes/{n}', { segments: { n: String(n) } });
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} inside={!isPage} />;
  if (data === undefined) return <LinesSkeleton lines={8} />;
  return <FixBody story={data} isPage={isPage} />;
}

function FixBody({ story: { fix, patch, notes }, isPage }: { story: FixStory; isPage: boolean }) {
  const Title = isPage ? 'h1' : 'h3';
  const loss = useRoute('/api/summary').data?.loss ?? 0;
  return (
    <article className={styles.body}>
      <Title className={styles.title}>{fix.title}</Title>
      <p className={styles.gain}>
        <b>{removed(fix.lossRemoved)}</b>{' '}
        <span className="soft">
          {loss > 0 && `of ${points(loss)}, ${percent(fix.lossRemoved / loss)} of the expected loss`}
          {fix.afterRebuild && ', once the image is built anew'}
        </span>
      </p>
      {fix.n > 1 && (
        <p className="soft">
          Fixes 1 to {fix.n} applied together remove {removed(fix.lossRemovedTogether)}.
        </p>
      )}
      <p>
        <Sentence text={fix.detail} />
      </p>
      {notes.map((note) => (
        <p key={note} className="soft">
          <Sentence text={note} />
        </p>
      ))}
      {patch === '' ? (
        <p className={styles.none}>No file at hand can carry this change, so there is no patch to apply.</p>
      ) : (
        <PatchView patch={patch} command={`npx breakwater fix ${fix.n} | git apply`} />
      )}
      <section aria-labelledby="helped">
        <h2 id="helped">Workloads it helps</h2>
        <ul className={styles.helped}>
          {fix.workloads.map((id) => (
            <li key={id}>
              <Link href={workloadAddress(id)}>{id}</Link>
            </li>
          ))}
        </ul>
      </section>
    </article>
  );
}
