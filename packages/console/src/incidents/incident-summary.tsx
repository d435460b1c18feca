import type { Incident } from '@breakwater/model';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { shortName } from '../behaviour/short-name.ts';
import { profileAddress } from '../client/addresses.ts';
import { count, plural } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import { inFull } from '../words/times.ts';
import { actsOf, isPrevented } from './incident-words.ts';
import styles from './incidents.module.css';

/** The five questions of the night, each with its answer. */
export function IncidentSummary({ incident }: { incident: Incident }) {
  const { subjects, first, last, advice, confidence, unknowns, techniques, feedback, entries, more, processes } =
    incident;
  const acts = actsOf(entries);
  const prevented = acts.filter(isPrevented).length;
  const containers = new Map(processes.map(({ subject, container }) => [subject, container]));
  return (
    <dl className={styles.answers}>
      <Answer name="Where">
        <p className="told">
          {subjects.map((subject, index) => (
            <span key={subject}>
              {index > 0 && ', then '}
              <Link href={profileAddress(subject, containers.get(subject))}>{shortName(subject)}</Link>
            </span>
          ))}
          , {first === last ? `on ${inFull(first)}` : `from ${inFull(first)} to ${inFull(last)}`}
        </p>
      </Answer>
      <Answer name="What was stopped">
        {prevented === 0
          ? `Nothing: all ${plural(acts.length + more, 'thing')} below had their effect.`
          : `${count(prevented)} of ${plural(acts.length + more, 'thing')}; the rest had its effect.`}
      </Answer>
      <Answer name="How to end it">
        <Advice of={advice} none="Nothing more is known to do than to look at it." />
      </Answer>
      <Answer name="How sure">
        <Sentence text={confidence} />
      </Answer>
      <Answer name="Not checked">
        <Sentences of={unknowns} none="Nothing that is known to be missing." />
      </Answer>
      {techniques.length > 0 && (
        <Answer name="MITRE ATT&CK">
          <span className={styles.techniques}>
            {techniques.map((technique) => (
              <code key={technique}>{technique}</code>
            ))}
          </span>
        </Answer>
      )}
      {feedback.map(({ owner, reason, at, expires, keys, policies }) => (
        <Answer key={`${at} ${owner}`} name="Expected">
          {owner} on {inFull(at)}: “{reason}”. Covers {plural(keys.length, 'behaviour')}
          {policies.length > 0 && ` and ${policies.join(', ')}`} until {expires.slice(0, 10)}.
        </Answer>
      ))}
    </dl>
  );
}

function Answer({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Commands within a sentence of advice, to be copied as they are. */
const COMMAND = /^(.*?)(breakwater [a-z].*)$/;

function Advice({ of: sentences, none }: { of: readonly string[]; none: string }) {
  const marked = sentences.map((sentence) => {
    const [, words, command] = COMMAND.exec(sentence) ?? [];
    return command === undefined || sentence.includes('`') ? sentence : `${words}\`${command}\``;
  });
  return <Sentences of={marked} none={none} />;
}

function Sentences({ of: sentences, none }: { of: readonly string[]; none: string }) {
  if (sentences.length === 0) return <span className="soft">{none}</span>;
  if (sentences.length === 1) return <Sentence text={sentences[0] ?? ''} />;
  return (
    <ol>
      {sentences.map((sentence) => (
        <li key={sentence}>
          <Sentence text={sentence} />
        </li>
      ))}
    </ol>
  );
}
