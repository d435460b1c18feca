import type { MapLink } from '@breakwater/model';
import { Button } from '@mantine/core';
import { Fragment, useState } from 'react';
import { Link } from 'wouter';
import { useDrawerAddress } from '../client/scope.ts';
import { count, plural, probability } from '../words/numbers.ts';
import { asSentence } from '../words/sentence-parts.ts';
import type { MapMode } from './choose-part.ts';
import styles from './map.module.css';

/** Rows that are shown before one asks for more, and ends named of one. */
const FIRST = 50;
const ENDS = 3;

const KIND_WORDS: Record<MapLink['kind'], string> = {
  entry: 'way in',
  reach: 'may connect',
  attack: 'step',
  exit: 'way out',
};

/** What leads where, in words: for those who do not see the drawing, and for all that does not fit in it. */
export function MapTable(props: { links: readonly MapLink[]; labels: ReadonlyMap<string, string>; mode: MapMode }) {
  const { links, labels, mode } = props;
  const drawer = useDrawerAddress();
  const [shown, setShown] = useState(FIRST);
  const isWays = mode === 'ways';
  return (
    <section className="panel" aria-labelledby="links">
      <header>
        <h2 id="links">The same as a table</h2>
        <span>{plural(links.length, isWays ? 'step' : 'row')}</span>
      </header>
      <div className="scroll-x">
        <table className={`rows ${styles.table}`}>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">How</th>
              {isWays && (
                <th scope="col" className="number">
                  Chance
                </th>
              )}
              {isWays && (
                <th scope="col" className="number wide-only">
                  Ways over it
                </th>
              )}
              <th scope="col" className="wide-only">
                What decides
              </th>
            </tr>
          </thead>
          <tbody>
            {links.slice(0, shown).map((link) => (
              <tr key={link.id}>
                <td>
                  <Ends ids={link.from} labels={labels} />
                </td>
                <td>
                  <Ends ids={link.to} labels={labels} />
                </td>
                <td>
                  <Link href={drawer('link', link.id)}>{link.phrase}</Link>{' '}
                  {!isWays && <span className="soft">{KIND_WORDS[link.kind]}</span>}
                </td>
                {isWays && <td className="number">{probability(link.probability ?? 1)}</td>}
                {isWays && <td className="number wide-only">{count(link.ways ?? 1)}</td>}
                <td className="soft wide-only">{asSentence(link.reason)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {links.length > shown && (
        <div className="inside">
          <Button variant="default" size="xs" onClick={() => setShown(shown + 10 * FIRST)}>
            Show more of {count(links.length)}
          </Button>
        </div>
      )}
    </section>
  );
}

/** The boxes at one end, the first of them by name. */
export function Ends({
  ids,
  labels,
  most = ENDS,
}: {
  ids: readonly string[];
  labels: ReadonlyMap<string, string>;
  most?: number;
}) {
  const drawer = useDrawerAddress();
  return (
    <>
      {ids.slice(0, most).map((id, index) => (
        <Fragment key={id}>
          {index > 0 && ', '}
          <Link href={drawer('box', id)} className={styles.end}>
            {labels.get(id) ?? id}
          </Link>
        </Fragment>
      ))}
      {ids.length > most && <span className="soft"> and {plural(ids.length - most, 'other group')}</span>}
    </>
  );
}
