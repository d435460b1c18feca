import type { IncidentFact } from '@breakwater/model';
import { shortName } from '../behaviour/short-name.ts';
import { Sentence } from '../words/sentence.tsx';
import { EFFECT_WORDS } from './incident-words.ts';
import styles from './incidents.module.css';

const ORDER: readonly IncidentFact['effect'][] = ['raises', 'lowers', 'none'];
const SIGNS: Record<IncidentFact['effect'], string> = { raises: '↑', lowers: '↓', none: '·' };

/** Why it matters here: what of build and deploy raised or lowered the severity. */
export function FactList({ facts }: { facts: readonly IncidentFact[] }) {
  const inOrder = facts.toSorted((a, b) => ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect));
  const bySubject = Map.groupBy(inOrder, ({ subject }) => subject ?? '');
  const groups = [...bySubject].toSorted(([a], [b]) => Number(a !== '') - Number(b !== ''));
  const hasSeveral = groups.filter(([subject]) => subject !== '').length > 1;
  return (
    <section className="panel" aria-labelledby="facts">
      <header>
        <h2 id="facts">Why it matters here</h2>
        <span>built, deployed, known</span>
      </header>
      {facts.length === 0 && (
        <p className="inside soft">Nothing of build or deploy is known of it: it was judged by what happened alone.</p>
      )}
      {groups.map(([subject, own]) => (
        <div key={subject}>
          {hasSeveral && subject !== '' && <h3 className={styles.of}>{shortName(subject)}</h3>}
          <ul className={styles.facts}>
            {own.map(({ effect, sentence }) => (
              <li key={`${effect} ${sentence}`} data-effect={effect}>
                <span aria-hidden="true">{SIGNS[effect]}</span>
                <p>
                  <span className="heard">{EFFECT_WORDS[effect]}: </span>
                  <Sentence text={sentence} />
                </p>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
