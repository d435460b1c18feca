import type { LearnedProfile } from '@breakwater/model';
import { Notice } from '../states/states.tsx';
import { count, plural } from '../words/numbers.ts';
import { asSentence } from '../words/sentence-parts.ts';
import { inFull } from '../words/times.ts';
import styles from './behaviour.module.css';
import { BehaviourList } from './behaviour-list.tsx';
import { DIMENSION_WORDS } from './behaviour-words.ts';
import { DimensionTable, hours } from './dimension-table.tsx';
import { GrowthPanel } from './growth-panel.tsx';
import { ItsIncidents } from './its-incidents.tsx';
import { PendingList } from './pending-list.tsx';
import { ReleaseList } from './release-list.tsx';
import { ResourceBars } from './resource-bars.tsx';

/** All that is known of how one container behaves, and how sure that is. */
export function ProfileView({ profile }: { profile: LearnedProfile }) {
  return (
    <div className={styles.page}>
      <p className={styles.sentence}>{headline(profile)}</p>
      <Uncertainty profile={profile} />
      <ItsIncidents subject={profile.subject} />
      <PendingList profile={profile} />
      <DimensionTable profile={profile} />
      <GrowthPanel profile={profile} />
      <div className={styles.pair}>
        <ReleaseList profile={profile} />
        <ResourceBars resources={profile.resources} />
      </div>
      <BehaviourList profile={profile} />
    </div>
  );
}

/** How far it is known, in a sentence or two. */
export function headline({ dimensions, behaviours, pending, until }: LearnedProfile): string {
  const seen = dimensions.filter(({ isSeen }) => isSeen);
  const settled = seen.filter(({ isSettled }) => isSettled).length;
  const watched = Math.max(0, ...seen.map(({ minutes }) => minutes));
  const last = until === undefined ? '' : `, last on ${inFull(until)}`;
  if (seen.length === 0) return `${plural(behaviours.length, 'behaviour')} declared; nothing was seen of it yet.`;
  const sure =
    settled === seen.length
      ? 'All that is seen of it is settled: what is new is alarming.'
      : `${count(settled)} of ${plural(seen.length, 'dimension')} are settled.`;
  const waits =
    pending.length === 0 ? '' : ` ${plural(pending.length, 'behaviour waits', 'behaviours wait')} for a decision.`;
  return `${plural(behaviours.length, 'behaviour')} known from ${hours(watched)} of replicas${last}. ${sure}${waits}`;
}

/** `programs, files`. */
const namesOf = (dimensions: LearnedProfile['dimensions']): string =>
  dimensions.map(({ dimension }) => DIMENSION_WORDS[dimension].toLowerCase()).join(', ');

/** What is not settled, not seen, or was seen only in part, said plainly. */
function Uncertainty({ profile: { dimensions, dropped } }: { profile: LearnedProfile }) {
  const learning = dimensions.filter(({ isSeen, isSettled }) => isSeen && !isSettled);
  const unseen = dimensions.filter(({ isSeen }) => !isSeen);
  const partial = Math.max(0, ...dimensions.map(({ partialMinutes }) => partialMinutes));
  if (learning.length + unseen.length + partial + dropped === 0) return null;
  return (
    <Notice>
      {[...Map.groupBy(learning, ({ note }) => note)].map(([note, some]) => (
        <span key={note}>
          <b>{asSentence(namesOf(some))}: not settled.</b> {asSentence(note)}
          {/[.!?]$/.test(note) ? ' ' : '. '}
        </span>
      ))}
      {unseen.length > 0 && (
        <>
          <b>Nobody sees {unseen.map(({ dimension }) => DIMENSION_WORDS[dimension].toLowerCase()).join(', ')}.</b> Of
          that nothing follows, not even that there is none.{' '}
        </>
      )}
      {partial > 0 && `Events were lost in ${hours(partial)}: these minutes count for nothing. `}
      {dropped > 0 && `${plural(dropped, 'behaviour')} found no room, so nothing is settled. `}
    </Notice>
  );
}
