import type { QuestionAnswer } from '@breakwater/model';
import { use } from 'react';
import { Link } from 'wouter';
import { RequestError } from '../client/fetch-route.ts';
import { isWorking, LiveProgress } from '../client/live-progress.ts';
import { useRoute } from '../client/queries.ts';
import { useDrawerAddress } from '../client/scope.ts';
import { SubPlaces } from '../frame/sub-places.tsx';
import { FirstRun } from '../states/first-run.tsx';
import { EmptyState, ErrorState, PageSkeleton } from '../states/states.tsx';
import { countWord } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import { age, inFull } from '../words/times.ts';
import { numberParts } from './number-parts.ts';
import styles from './questions.module.css';

/** The questions that are asked of every estate, answered on one screen. */
export default function QuestionsPage() {
  const { data, error, refetch } = useRoute('/api/questions');
  const isFirst = error instanceof RequestError && error.status === 404;
  const isReading = isWorking(use(LiveProgress)) && isFirst;
  return (
    <div className={styles.page}>
      <title>Questions · Breakwater</title>
      {((data === undefined && error === null) || isReading) && <PageSkeleton rows={8} />}
      {isFirst && !isReading && <FirstRun />}
      {error !== null && !isFirst && <ErrorState error={error} retry={() => void refetch()} />}
      {data !== undefined && <Sheet items={data.items} time={data.time} />}
    </div>
  );
}

function Sheet({ items, time }: { items: readonly QuestionAnswer[]; time: string }) {
  const open = items.filter(({ known }) => known === 'nothing').length;
  if (items.length === 0) {
    return <EmptyState title="Nothing is asked yet">Read an estate: the questions are answered with it.</EmptyState>;
  }
  return (
    <>
      <div>
        <h1>{headline(items.length, open)}</h1>
        <p className="soft">
          Answered from what was read{' '}
          <time dateTime={time} title={inFull(time)}>
            {age(time, Date.now())} ago
          </time>
          , for the whole estate. In a terminal: <code>breakwater ask</code>
        </p>
      </div>
      <SubPlaces of="Inbox" current="/questions" />
      <ol className={`panel ${styles.sheet}`}>
        {items.map((answer) => (
          <AnswerRow key={answer.id} answer={answer} />
        ))}
      </ol>
    </>
  );
}

function headline(all: number, open: number): string {
  if (open === 0) return `${countWord(all)} questions, answered`;
  return `${countWord(all - open)} of ${countWord(all).toLowerCase()} questions answered, ${countWord(open).toLowerCase()} open`;
}

function AnswerRow({ answer }: { answer: QuestionAnswer }) {
  const drawer = useDrawerAddress();
  const { n, question, sentence, known, gaps } = answer;
  const [gap] = gaps;
  const { value, rest } = numberParts(answer.number);
  return (
    <li className={styles.row}>
      <p className={styles.number} data-known={known}>
        <b>{value}</b> <span>{rest}</span>
      </p>
      <div className={styles.told}>
        <h2>
          <Link href={drawer('question', String(n))} className="stretched-link">
            {question}
          </Link>
        </h2>
        <p>
          <Sentence text={sentence} />
        </p>
      </div>
      {gap !== undefined && (
        <p className={styles.gap}>
          <b>Not known</b> {gap.sentence}
        </p>
      )}
    </li>
  );
}
