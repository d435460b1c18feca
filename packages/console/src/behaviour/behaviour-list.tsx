import type { KnownBehaviour, LearnedProfile } from '@breakwater/model';
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { SearchIcon } from '../frame/icons.tsx';
import { EmptyState } from '../states/states.tsx';
import { count, plural } from '../words/numbers.ts';
import { inFull } from '../words/times.ts';
import styles from './behaviour.module.css';
import { ActorName, BehaviourLine } from './behaviour-line.tsx';
import { actorOf, behaviourWords, DIMENSION_WORDS, ORIGIN_WORDS } from './behaviour-words.ts';

/** Behaviours of one group that are shown before one asks for more. */
const FIRST = 8;

/** What it is known to do: by dimension, and within each by the program that acts. */
export function BehaviourList({ profile: { behaviours, dimensions, dropped } }: { profile: LearnedProfile }) {
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const found = behaviours.filter(({ behaviour }) => behaviourWords(behaviour).toLowerCase().includes(wanted));
  return (
    <section className="panel" aria-labelledby="does">
      <header className={styles.tools}>
        <h2 id="does">
          What it does <span className="soft">{count(behaviours.length)}</span>
        </h2>
        <TextInput
          size="xs"
          aria-label="Search behaviours"
          placeholder="Program, path, peer, port"
          leftSection={<SearchIcon />}
          value={words}
          maxLength={200}
          onChange={({ currentTarget }) => setWords(currentTarget.value)}
        />
      </header>
      {behaviours.length === 0 && (
        <EmptyState inside title="Nothing is known of it yet">
          What it does is learned from the first event on.
        </EmptyState>
      )}
      {behaviours.length > 0 && found.length === 0 && (
        <EmptyState
          inside
          title="It is not known to do such a thing"
          action={
            <Button variant="default" size="xs" onClick={() => setWords('')}>
              Show all behaviours
            </Button>
          }
        >
          Nothing that is known of it holds “{words.trim()}”.
        </EmptyState>
      )}
      {dimensions.map(({ dimension }) => {
        const own = found.filter(({ behaviour }) => behaviour.dimension === dimension);
        if (own.length === 0) return null;
        return (
          <div key={dimension} className={styles.dimension}>
            <h3>
              {DIMENSION_WORDS[dimension]} <span className="soft">{count(own.length)}</span>
            </h3>
            {byActor(own).map(([actor, group]) => (
              <ActorGroup key={actor} group={group} all={wanted !== ''} />
            ))}
          </div>
        );
      })}
      {dropped > 0 && (
        <p className="inside soft">
          {plural(dropped, 'behaviour')} found no room here: with any of them nothing is settled.
        </p>
      )}
    </section>
  );
}

function byActor(behaviours: readonly KnownBehaviour[]): [string, KnownBehaviour[]][] {
  const groups = Map.groupBy(behaviours, ({ behaviour }) => actorOf(behaviour));
  return [...groups].toSorted(([, a], [, b]) => b.length - a.length);
}

function ActorGroup({ group, all }: { group: readonly KnownBehaviour[]; all: boolean }) {
  const [more, setMore] = useState(false);
  const shown = all || more ? group : group.slice(0, FIRST);
  const [first] = group;
  if (first === undefined) return null;
  return (
    <div className={styles.actor}>
      <h4>
        <ActorName behaviour={first.behaviour} />
      </h4>
      <ul>
        {shown.map((known) => (
          <li key={known.key}>
            <p>
              <BehaviourLine behaviour={known.behaviour} />
            </p>
            <p className="soft">{witnesses(known)}</p>
          </li>
        ))}
      </ul>
      {shown.length < group.length && (
        <button type="button" className="plain-button" onClick={() => setMore(true)}>
          Show all {count(group.length)}
        </button>
      )}
    </div>
  );
}

/** What speaks for it: how it came to be known, and who saw it. */
function witnesses({ origin, incidences, replicas, days, last, reason, expires }: KnownBehaviour): string {
  const seen =
    incidences === 0
      ? 'never seen yet'
      : `${plural(incidences, 'minute')} of ${plural(replicas, 'replica')} on ${plural(days, 'day')}${last === undefined ? '' : `, last ${inFull(last)}`}`;
  const said = origin === 'learned' ? '' : `${ORIGIN_WORDS[origin]}${reason === undefined ? '' : `: ${reason}`}; `;
  return `${said}${seen}${expires === undefined ? '' : `; until ${expires.slice(0, 10)}`}`;
}
