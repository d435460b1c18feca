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
const STEP = 100;
/** Programs of one dimension that are shown before one asks for more. */
const FIRST_ACTORS = 20;

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
            <Actors groups={byActor(own)} isSearched={wanted !== ''} />
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

/** Programs with what they do; the busiest first. */
function Actors({ groups, isSearched }: { groups: [string, KnownBehaviour[]][]; isSearched: boolean }) {
  const [most, setMost] = useState(FIRST_ACTORS);
  const left = groups.length - most;
  return (
    <>
      {groups.slice(0, most).map(([actor, group]) => (
        <ActorGroup key={actor} group={group} first={isSearched ? STEP : FIRST} />
      ))}
      {left > 0 && (
        <p className="inside">
          <button type="button" className="plain-button" onClick={() => setMost(most + FIRST_ACTORS)}>
            Show {plural(Math.min(left, FIRST_ACTORS), 'more program')}
          </button>{' '}
          <span className="soft">of {count(left)}</span>
        </p>
      )}
    </>
  );
}

function ActorGroup({ group, first: atFirst }: { group: readonly KnownBehaviour[]; first: number }) {
  const [more, setMore] = useState(0);
  const shown = group.slice(0, atFirst + more);
  const left = group.length - shown.length;
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
      {left > 0 && (
        <p>
          <button type="button" className="plain-button" onClick={() => setMore(more + STEP)}>
            Show {count(Math.min(left, STEP))} more
          </button>{' '}
          <span className="soft">of {count(left)}</span>
        </p>
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
