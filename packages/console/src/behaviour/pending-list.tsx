import type { LearnedProfile, PendingBehaviour } from '@breakwater/model';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { incidentAddress } from '../client/addresses.ts';
import { count, plural } from '../words/numbers.ts';
import { asSentence } from '../words/sentence-parts.ts';
import { inFull } from '../words/times.ts';
import styles from './behaviour.module.css';
import { BehaviourLine } from './behaviour-line.tsx';
import { behaviourWords, HELD_WORDS } from './behaviour-words.ts';
import { DecideDialog, type Decision } from './decide-dialog.tsx';

/** Behaviours that are shown before one asks for more. */
const FIRST = 8;
const STEP = 100;
const ORDER: readonly PendingBehaviour['held'][] = ['incident', 'never', 'witnesses'];

/** What was seen and is not taken for known, why not, and the two ways to decide it. */
export function PendingList({ profile: { subject, container, pending } }: { profile: LearnedProfile }) {
  const [most, setMost] = useState(FIRST);
  const [asked, setAsked] = useState<{ decision: Decision; behaviour: PendingBehaviour }>();
  if (pending.length === 0) return null;
  const inOrder = pending.toSorted(
    (a, b) => ORDER.indexOf(a.held) - ORDER.indexOf(b.held) || (a.last < b.last ? 1 : -1),
  );
  const shown = inOrder.slice(0, most);
  const left = inOrder.length - shown.length;
  return (
    <section className="panel" aria-labelledby="pending">
      <header>
        <h2 id="pending">
          Waits for a decision <span className="soft">{count(pending.length)}</span>
        </h2>
        <span>seen, and not taken for known</span>
      </header>
      <ul className={styles.pending}>
        {shown.map((one) => (
          <li key={one.key}>
            <div>
              <p>
                <BehaviourLine behaviour={one.behaviour} withActor />
              </p>
              <p className="soft told">
                <b>{HELD_WORDS[one.held]}</b>: {asSentence(one.reason)}
                {one.incident !== undefined && (
                  <>
                    {' '}
                    <Link href={incidentAddress(one.incident)}>Open the incident</Link>
                  </>
                )}
              </p>
              <p className="soft">
                {plural(one.incidences, 'minute')} of {plural(one.replicas, 'replica')} on {plural(one.days, 'day')},
                last {inFull(one.last)}
              </p>
            </div>
            <div className={styles.buttons}>
              {(['accept', 'hold'] as const).map((decision) => (
                <Button
                  key={decision}
                  variant="default"
                  size="xs"
                  aria-label={`${DECISION_WORDS[decision]}: ${behaviourWords(one.behaviour)}`}
                  onClick={() => setAsked({ decision, behaviour: one })}
                >
                  {DECISION_WORDS[decision]}
                </Button>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <p className="inside">
          <button type="button" className="plain-button" onClick={() => setMost(most + STEP)}>
            Show {count(Math.min(left, STEP))} more
          </button>{' '}
          <span className="soft">of {count(left)}</span>
        </p>
      )}
      {asked !== undefined && (
        <DecideDialog {...asked} subject={subject} container={container} close={() => setAsked(undefined)} />
      )}
    </section>
  );
}

const DECISION_WORDS: Record<Decision, string> = { accept: 'Allow', hold: 'Block' };
