import { formatPlace, type MapLink } from '@breakwater/model';
import { useMemo } from 'react';
import { useRoute } from '../client/queries.ts';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import { plural, probability } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import { asSentence } from '../words/sentence-parts.ts';
import { labelsOf } from './labels-of.ts';
import styles from './map.module.css';
import { Ends } from './map-table.tsx';

/** Groups named at each end. */
const ENDS = 40;

const KIND_WORDS: Record<MapLink['kind'], string> = {
  entry: 'A way in from outside',
  reach: 'Policies let it pass',
  attack: 'A step of attackers',
  exit: 'A way out to the Internet',
};

/** What leads from where to where, how, and what decides it. */
export function LinkView({ id }: { id: string }) {
  const { data, error, refetch } = useRoute('/api/map');
  const labels = useMemo(() => (data === undefined ? new Map<string, string>() : labelsOf(data)), [data]);
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} inside />;
  if (data === undefined) return <LinesSkeleton />;
  const link = data.links.find((each) => each.id === id);
  if (link === undefined) {
    return (
      <EmptyState inside title="It is no longer on the map">
        The estate changed since this address was made.
      </EmptyState>
    );
  }
  return (
    <div className="drawer-view">
      <h3>{asSentence(link.phrase)}</h3>
      <p className="soft">
        {KIND_WORDS[link.kind]}
        {link.probability !== undefined && `, chance ${probability(link.probability)}`}
        {link.ways !== undefined && `, on the likeliest way of ${plural(link.ways, 'workload')}`}
      </p>
      <dl className={styles.facts}>
        <dt>From</dt>
        <dd>
          <Ends ids={link.from} labels={labels} most={ENDS} />
        </dd>
        <dt>To</dt>
        <dd>
          <Ends ids={link.to} labels={labels} most={ENDS} />
        </dd>
        <dt>What decides</dt>
        <dd>
          <Sentence text={asSentence(link.reason)} />
        </dd>
        {link.places.length > 0 && (
          <>
            <dt>Defined in</dt>
            <dd>
              {[...new Set(link.places.map(formatPlace))].map((place) => (
                <code key={place}>{place} </code>
              ))}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
