import { type ChainLink, formatPlace } from '@breakwater/model';
import { Sentence } from '../words/sentence.tsx';
import { inFull } from '../words/times.ts';
import { withKeys } from '../words/with-keys.ts';
import styles from './finding.module.css';

const STEP_WORDS: Record<ChainLink['step'], string> = {
  source: 'Source',
  fact: 'Fact',
  finding: 'Finding',
  decision: 'Decision',
  action: 'Action',
};

/** Source, fact, finding, decision, action: each link with where it comes from, when, and its place. */
export function Chain({ chain }: { chain: readonly ChainLink[] }) {
  return (
    <section aria-labelledby="chain">
      <h2 id="chain">How we know</h2>
      <ol className={styles.chain}>
        {withKeys(chain, ({ step, sentence }) => `${step} ${sentence}`).map(({ key, item: link }) => (
          <li key={key}>
            <span className={styles.step}>{STEP_WORDS[link.step]}</span>
            <div>
              <p>
                <Sentence text={link.sentence} />
              </p>
              <p className={styles.origin}>
                {link.from !== undefined && <span>{link.from}</span>}
                {link.time !== undefined && <time dateTime={link.time}>{inFull(link.time)}</time>}
                {link.place !== undefined && <code>{formatPlace(link.place)}</code>}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
