import type { WorkloadStory } from '@breakwater/model';
import { Link } from 'wouter';
import { AttackDrawing } from '../attack/attack-drawing.tsx';
import { useDrawerAddress } from '../client/scope.ts';
import { QuietList } from '../inbox/quiet-list.tsx';
import { count, percent, points, probability, removed } from '../words/numbers.ts';
import { StepList } from './step-list.tsx';
import { Timeline } from './timeline.tsx';
import styles from './workload.module.css';

/** How an attacker comes in and on, what happened, and what would cut it. */
export function StoryTab({ story }: { story: WorkloadStory }) {
  return (
    <div className={styles.story}>
      <WayIn story={story} />
      <div className={styles.pair}>
        <Timeline entries={story.timeline} />
        <div className="stack">
          <Fixes story={story} />
          <Quiet story={story} />
        </div>
      </div>
    </div>
  );
}

function WayIn({ story: { ranked, attack } }: { story: WorkloadStory }) {
  const hasWay = attack.edges.length > 0;
  return (
    <section className="panel" aria-labelledby="way-in">
      <header>
        <h2 id="way-in">{hasWay ? 'Likeliest way in, and onward' : 'Ways in'}</h2>
        <span>chance that it falls: {probability(ranked.probability)}</span>
      </header>
      {hasWay ? (
        <>
          <StepList path={ranked.path} onward={ranked.onward} />
          <AttackDrawing view={attack} ranked={ranked} />
        </>
      ) : (
        <p className="inside soft">
          No way in was found in what could be read. It is ranked by what it would take along, were it to fall.
        </p>
      )}
    </section>
  );
}

function Fixes({ story: { fixes, estateLoss } }: { story: WorkloadStory }) {
  const drawer = useDrawerAddress();
  return (
    <section className="panel" aria-labelledby="fixes">
      <header>
        <h2 id="fixes">Changes that lower it, its own first</h2>
        <span>of {points(estateLoss)}</span>
      </header>
      {fixes.length === 0 && <p className="inside soft">No change at hand lowers its loss.</p>}
      <ol>
        {fixes.map((fix) => (
          <li key={fix.id} className={styles.fix}>
            <div>
              <p>{fix.title}</p>
              <p className="soft">
                {fix.files.length > 0 ? fix.files.join(', ') : 'No file at hand can carry it'}
                {fix.afterRebuild && ', after rebuild'}
              </p>
            </div>
            <b className={styles.gain} title={`${percent(fix.lossRemoved / Math.max(estateLoss, 1e-9))} of the estate`}>
              {removed(fix.lossRemoved)}
            </b>
            <Link href={drawer('fix', String(fix.n))}>
              {fix.files.length > 0 ? 'open patch' : 'how'}
              <span className="heard">: {fix.title}</span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Quiet({ story: { ranked, quiet } }: { story: WorkloadStory }) {
  const { total, matter } = ranked.vulnerabilities;
  if (total === 0) return null;
  return (
    <section className="panel" aria-labelledby="quiet">
      <header>
        <h2 id="quiet">
          {count(total)} vulnerabilities, {count(matter)} {matter === 1 ? 'matters' : 'matter'}
        </h2>
        <span>why the rest do not</span>
      </header>
      <div className={styles.quiet}>
        <QuietList quiet={quiet} />
      </div>
    </section>
  );
}
