import type { LearnedProfile } from '@breakwater/model';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { count, plural } from '../words/numbers.ts';
import { inFull } from '../words/times.ts';
import styles from './behaviour.module.css';
import { DIMENSION_WORDS } from './behaviour-words.ts';
import { type GrowthPoint, growthOf, type Span, spanOf, stepPath } from './growth.ts';

const BOX = { width: 200, height: 44 };

interface Curve {
  name: string;
  points: GrowthPoint[];
}

/** How what is known grew: all of it and each dimension, small and alike; a curve that goes flat is one that settles. */
export function GrowthPanel({ profile }: { profile: LearnedProfile }) {
  const span = spanOf(profile);
  if (span === undefined) return null;
  const curves: Curve[] = [
    { name: 'All', points: growthOf(profile.behaviours, span) },
    ...profile.dimensions
      .filter(({ isSeen }) => isSeen)
      .map(({ dimension }) => ({
        name: DIMENSION_WORDS[dimension],
        points: growthOf(
          profile.behaviours.filter(({ behaviour }) => behaviour.dimension === dimension),
          span,
        ),
      })),
  ];
  const starts = profile.releases.map(({ since }) => Date.parse(since)).filter((time) => time > span.from);
  return (
    <section className="panel" aria-labelledby="growth">
      <header>
        <h2 id="growth">How it grew</h2>
        <span>
          {inFull(new Date(span.from).toISOString())} to {inFull(new Date(span.until).toISOString())}
          {starts.length > 0 && `; dashes mark ${plural(starts.length, 'release')}`}
        </span>
      </header>
      <ul className={styles.curves}>
        {curves.map((curve) => (
          <li key={curve.name}>
            <SmallCurve curve={curve} span={span} starts={starts} />
          </li>
        ))}
      </ul>
      <GrowthTable growth={profile.growth} />
    </section>
  );
}

function SmallCurve({ curve: { name, points }, span, starts }: { curve: Curve; span: Span; starts: number[] }) {
  const most = points.at(-1)?.known ?? 0;
  const last = points.findLast(({ known }, index) => known > (points[index - 1]?.known ?? 0));
  const words =
    last === undefined
      ? 'nothing known'
      : `${plural(most, 'behaviour')}, the last of them on ${inFull(new Date(last.time).toISOString())}`;
  const x = (time: number) => ((time - span.from) / Math.max(1, span.until - span.from)) * BOX.width;
  return (
    <figure className={styles.curve}>
      <figcaption>
        {name} <b>{count(most)}</b>
      </figcaption>
      <svg viewBox={`0 -2 ${BOX.width} ${BOX.height + 4}`} preserveAspectRatio="none" role="img" aria-label={words}>
        <title>{words}</title>
        {starts.map((time) => (
          <line key={time} className={styles.release} x1={x(time)} x2={x(time)} y1="0" y2={BOX.height} />
        ))}
        <line className={styles.ground} x1="0" x2={BOX.width} y1={BOX.height} y2={BOX.height} />
        {most > 0 && <path className={styles.line} d={stepPath(points, span, { ...BOX, most })} />}
      </svg>
    </figure>
  );
}

function GrowthTable({ growth }: { growth: LearnedProfile['growth'] }) {
  if (growth.length === 0) return null;
  return (
    <details className={styles.more}>
      <summary>The same as a table</summary>
      <div className="scroll-x">
        <table className="rows">
          <ColumnHeads of={['By', { name: 'Behaviours known', className: 'number' }]} />
          <tbody>
            {growth.map(({ time, behaviours }) => (
              <tr key={time}>
                <td>{inFull(time)}</td>
                <td className="number">{count(behaviours)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
