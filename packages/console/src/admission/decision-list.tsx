import type { AdmissionDecision } from '@breakwater/model';
import { Button, SegmentedControl } from '@mantine/core';
import { Link } from 'wouter';
import { setQuery, useDrawerAddress, useQueryValue } from '../client/scope.ts';
import { EmptyState } from '../states/states.tsx';
import '../styles/segmented-control.css';
import { count, plural } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import { inFull, moment } from '../words/times.ts';
import styles from './admission.module.css';
import { deedOf, type RepeatedDecision, repeatedDecisions } from './decision-words.ts';
import { OUTCOME_WORDS, OutcomeMark } from './outcome-mark.tsx';

const OUTCOMES: readonly AdmissionDecision['outcome'][] = ['denied', 'warned', 'excepted', 'break-glass'];
/** Decisions that are shown. */
const SHOWN = 50;

/** What was refused, warned of or let through by exception lately, newest first. */
export function DecisionList({ decisions }: { decisions: readonly AdmissionDecision[] }) {
  const wanted = useQueryValue('outcome');
  const outcome = OUTCOMES.find((each) => each === wanted);
  const shown = decisions.filter((decision) => outcome === undefined || decision.outcome === outcome);
  const rows = repeatedDecisions(shown);
  return (
    <section className="panel" aria-labelledby="decisions">
      <header className={styles.head}>
        <h2 id="decisions">Decided lately</h2>
        {decisions.length > 0 && (
          <div className="scroll-x">
            <SegmentedControl
              size="xs"
              aria-label="Which decisions"
              value={outcome ?? ''}
              onChange={(value) => setQuery({ outcome: value || undefined }, { replace: true })}
              data={[
                { value: '', label: `All ${count(decisions.length)}` },
                ...OUTCOMES.map((each) => ({ value: each, label: labelOf(each, decisions) })),
              ]}
            />
          </div>
        )}
      </header>
      {decisions.length === 0 && (
        <EmptyState inside title="Nothing was refused, warned of or let through by exception">
          Decisions of a webhook that uses this state folder are listed here. Start it with{' '}
          <code>npx breakwater admission serve</code> and register it with{' '}
          <code>npx breakwater admission config | kubectl apply -f -</code>
        </EmptyState>
      )}
      {decisions.length > 0 && shown.length === 0 && (
        <EmptyState
          inside
          title={`Nothing was ${outcome === undefined ? 'decided' : OUTCOME_WORDS[outcome]} lately`}
          action={
            <Button variant="default" size="xs" onClick={() => setQuery({ outcome: undefined }, { replace: true })}>
              Show all decisions
            </Button>
          }
        >
          The filter leaves none over.
        </EmptyState>
      )}
      <ul className={styles.decisions}>
        {rows.slice(0, SHOWN).map(({ decision, times }) => (
          <DecisionRow key={decision.uid} decision={decision} times={times} />
        ))}
      </ul>
      {rows.length > SHOWN && (
        <p className="inside soft">
          and {count(rows.length - SHOWN)} more: <code>breakwater admission decisions</code>
        </p>
      )}
    </section>
  );
}

function labelOf(outcome: AdmissionDecision['outcome'], decisions: readonly AdmissionDecision[]): string {
  const word = OUTCOME_WORDS[outcome];
  const number = decisions.filter((decision) => decision.outcome === outcome).length;
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${count(number)}`;
}

function DecisionRow({ decision, times }: RepeatedDecision) {
  const drawer = useDrawerAddress();
  const { time, outcome, namespace, name, user, reasons, more, breakGlass, note } = decision;
  const [deed, kind] = deedOf(decision);
  return (
    <li>
      <time dateTime={time} title={inFull(time)}>
        {moment(time, Date.now())}
      </time>
      <OutcomeMark outcome={outcome} />
      <div>
        <p>
          <b>{user}</b> asked to {deed} {kind} <b>{namespace === '' ? name : `${namespace} / ${name}`}</b>
          {times > 1 && <span className="soft"> {plural(times, 'time')}</span>}
        </p>
        {breakGlass !== undefined && (
          <p>
            Glass broken: “{breakGlass.reason}”{' '}
            {breakGlass.until !== undefined && <span className="soft">until {inFull(breakGlass.until)}</span>}
          </p>
        )}
        {note !== undefined && (
          <p className="soft">
            <Sentence text={note} />
          </p>
        )}
        {reasons.map((reason) => (
          <p key={`${reason.policy} ${reason.element} ${reason.message}`} className="told soft">
            <Link href={drawer('policy', reason.policy)}>{reason.policy}</Link> <Sentence text={reason.message} />
            {reason.exception !== undefined && `, covered by ${reason.exception}`}
            {reason.verdict === 'unknown' && ' (could not be decided)'}
          </p>
        ))}
        {more > 0 && <p className="soft">and {count(more)} more reasons</p>}
      </div>
    </li>
  );
}
