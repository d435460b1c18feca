import type { LearnedProfile, ProfileRelease } from '@breakwater/model';
import { Link } from 'wouter';
import { releasesAddress } from '../client/addresses.ts';
import { plural } from '../words/numbers.ts';
import { inFull, moment } from '../words/times.ts';
import styles from './behaviour.module.css';
import { BehaviourLine } from './behaviour-line.tsx';
import { hours } from './dimension-table.tsx';

/** New behaviours of a release that are shown here; its comparison has them all. */
const SHOWN = 3;

/** Releases as a timeline, the newest first: what was new with each, and whether what changed explains it. */
export function ReleaseList({ profile: { subject, container, releases } }: { profile: LearnedProfile }) {
  const inOrder = releases.toSorted((a, b) => (a.since < b.since ? 1 : -1));
  const now = Date.now();
  return (
    <section className="panel" aria-labelledby="releases">
      <header>
        <h2 id="releases">Releases</h2>
        <span>newest first</span>
      </header>
      {inOrder.length === 0 && <p className="inside soft">No release of it is known.</p>}
      <ol className={styles.releases}>
        {inOrder.map((release, index) => {
          const before = release.difference?.from ?? inOrder[index + 1]?.facts.id;
          return (
            <li key={release.facts.id}>
              <time dateTime={release.since} title={inFull(release.since)}>
                {moment(release.since, now)}
              </time>
              <div>
                <p className={styles.name}>{releaseName(release)}</p>
                <p className="soft">
                  {hours(release.minutes)} of {plural(release.replicas, 'replica')}, last {inFull(release.last)}
                </p>
                <News release={release} />
                {before !== undefined && releases.some(({ facts }) => facts.id === before) && (
                  <p>
                    <Link
                      href={releasesAddress(subject, {
                        ...(container !== undefined && { container }),
                        from: before,
                        to: release.facts.id,
                      })}
                    >
                      Compare with the one before
                      <span className="heard">: {releaseName(release)}</span>
                    </Link>
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function News({ release: { difference, explained, unexplained } }: { release: ProfileRelease }) {
  if (difference === undefined && explained.length + unexplained.length === 0) return null;
  if (explained.length + unexplained.length === 0) return <p>Nothing new in what it does.</p>;
  return (
    <>
      <p>
        {unexplained.length > 0 && <b>{plural(unexplained.length, 'new behaviour')} that nothing explains</b>}
        {unexplained.length > 0 && explained.length > 0 && ', '}
        {explained.length > 0 && `${explained.length} that the release explains`}.
      </p>
      <ul className={styles.news}>
        {unexplained.slice(0, SHOWN).map(({ key, behaviour }) => (
          <li key={key} data-explained="false">
            <BehaviourLine behaviour={behaviour} withActor />
          </li>
        ))}
        {explained.slice(0, SHOWN).map(({ key, behaviour, by }) => (
          <li key={key} data-explained="true">
            <BehaviourLine behaviour={behaviour} withActor /> <span className="soft">because {by}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The image's name, else the id that its facts have. */
export function releaseName({ facts }: Pick<ProfileRelease, 'facts'>): string {
  return imageName(facts);
}

/** `shop/cart:1.5.0`, with the beginning of the digest where a name says too little. */
export function imageName({ image, imageDigest, id }: { id: string; image?: string; imageDigest?: string }): string {
  const digest = imageDigest?.replace(/^sha256:/, '').slice(0, 12);
  if (image === undefined) return digest ?? id;
  return image.includes('@') || digest === undefined ? image : `${image} (${digest})`;
}
