import type { Incident } from '@breakwater/model';
import type { ReactNode } from 'react';
import { count, plural } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import { inFull } from '../words/times.ts';
import { CommandLine } from './command-line.tsx';
import { actsOf, isPrevented, zoneOf } from './incident-words.ts';
import styles from './incidents.module.css';
import { SubjectLinks } from './subject-links.tsx';

/** Workloads that are named; the timeline names all. */
const SHOWN = 5;

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
          {subjects.slice(0, SHOWN).map((subject, index) => (
            <span key={subject}>
              {index > 0 && ', then '}
              <SubjectLinks subject={subject} container={containers.get(subject)} />
            </span>
          ))}
          {subjects.length > SHOWN && (
            <span title={subjects.slice(SHOWN).join('\n')}> and {count(subjects.length - SHOWN)} more</span>
          )}
          , {first === last ? `on ${inFull(first)}` : `from ${inFull(first)} to ${inFull(last)}`} {zoneOf(first)}
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
  if (sentences.length === 0) return <span className="soft">{none}</span>;
  return (
    <ol>
      {sentences.map((sentence) => (
        <li key={sentence}>
          <Step sentence={sentence} />
        </li>
      ))}
    </ol>
  );
}

function Step({ sentence }: { sentence: string }) {
  const [, words, command] = COMMAND.exec(sentence) ?? [];
  if (command === undefined) return <Sentence text={sentence} />;
  return (
    <>
      <Sentence text={words ?? ''} />
      <CommandLine text={command} />
    </>
  );
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
