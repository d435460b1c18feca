import { formatPlace, type QuestionAnswer, type QuestionEvidence } from '@breakwater/model';
import { useState } from 'react';
import { Link } from 'wouter';
import { fixAddress, imageAddress, workloadAddress } from '../client/addresses.ts';
import { useRoute } from '../client/queries.ts';
import { useDrawerAddress } from '../client/scope.ts';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import { count } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import { withKeys } from '../words/with-keys.ts';
import { numberParts } from './number-parts.ts';
import styles from './questions.module.css';

/** Pieces of evidence that are shown before one asks for more. */
const FIRST = 20;

/** One question in full: what the number is made of, all evidence, and what is not known. */
export default function QuestionView({ n }: { n: number }) {
  const { data, error, refetch } = useRoute('/api/questions');
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} inside />;
  if (data === undefined) return <LinesSkeleton />;
  const answer = data.items.find((item) => item.n === n);
  if (answer === undefined) {
    return (
      <EmptyState inside title="No question has this number">
        {n}
      </EmptyState>
    );
  }
  const { value, rest } = numberParts(answer.number);
  return (
    <div className="drawer-view">
      <h3>{answer.question}</h3>
      <p className={styles.number} data-known={answer.known}>
        <b>{value}</b> <span>{rest}</span>
      </p>
      <p>
        <Sentence text={answer.sentence} />
      </p>
      <Parts answer={answer} />
      <Evidence answer={answer} />
      <Gaps answer={answer} />
      {answer.next !== undefined && (
        <p className="soft">
          Next: <code>{answer.next}</code>
        </p>
      )}
    </div>
  );
}

function Parts({ answer: { parts } }: { answer: QuestionAnswer }) {
  const most = Math.max(...parts.map((part) => part.count), 1);
  if (parts.length === 0) return null;
  return (
    <ul className={styles.parts}>
      {parts.map(({ label, count: share }) => (
        <li key={label}>
          <b className="number">{count(share)}</b>
          <span>{label}</span>
          <meter aria-hidden="true" max={most} value={share} />
        </li>
      ))}
    </ul>
  );
}

function Evidence({ answer: { evidence, more } }: { answer: QuestionAnswer }) {
  const [all, setAll] = useState(false);
  const shown = all ? evidence : evidence.slice(0, FIRST);
  if (evidence.length === 0) return null;
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">What it rests on</h2>
      <ul className={styles.evidence}>
        {withKeys(shown, ({ sentence }) => sentence).map(({ key, item }) => (
          <li key={key}>
            <p className="told">
              <Sentence text={item.sentence} /> <About about={item.about} />
            </p>
            {item.places.length > 0 && (
              <p className="soft">
                {[...new Set(item.places.map(formatPlace))].map((place) => (
                  <code key={place}>{place} </code>
                ))}
              </p>
            )}
            {item.command !== undefined && (
              <p className="soft">
                <code>{item.command}</code>
              </p>
            )}
          </li>
        ))}
      </ul>
      {shown.length < evidence.length && (
        <button type="button" className="plain-button" onClick={() => setAll(true)}>
          Show all {count(evidence.length)}
        </button>
      )}
      {more > 0 && <p className="soft">and {count(more)} more, which are counted only.</p>}
    </section>
  );
}

/** Where the thing that a piece of evidence is about has its page. */
function About({ about }: { about: QuestionEvidence['about'] }) {
  const drawer = useDrawerAddress();
  if (about === undefined) return null;
  const { kind, id } = about;
  const addresses = {
    workload: () => workloadAddress(id),
    image: () => imageAddress(id),
    policy: () => drawer('policy', id),
    fix: () => fixAddress(Number(id)),
  };
  return (
    <Link href={addresses[kind]()} className="unbroken">
      Open {kind}
      <span className="heard"> {id}</span>
    </Link>
  );
}

function Gaps({ answer: { gaps } }: { answer: QuestionAnswer }) {
  if (gaps.length === 0) return null;
  return (
    <section aria-labelledby="gaps" className={styles.fog}>
      <h2 id="gaps">Not known</h2>
      <ul>
        {gaps.map(({ sentence, hint }) => (
          <li key={sentence}>
            <p>{sentence}</p>
            {hint !== undefined && <p className="soft">{hint}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
