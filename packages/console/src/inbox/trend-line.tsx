import type { Summary } from '@breakwater/model';
import { points } from '../words/numbers.ts';
import { inFull } from '../words/times.ts';
import styles from './inbox.module.css';

const WIDTH = 240;
const HEIGHT = 30;

/** Corners of the line in its box: time to the right, loss up from nought. */
export function trendPoints(trend: Summary['trend']): [number, number][] {
  const times = trend.map(({ time }) => Date.parse(time));
  const [from, until] = [Math.min(...times), Math.max(...times)];
  const most = Math.max(...trend.map(({ loss }) => loss), Number.MIN_VALUE);
  return trend.map(({ loss }, index) => {
    const share =
      until === from ? index / Math.max(1, trend.length - 1) : ((times[index] ?? from) - from) / (until - from);
    return [2 + share * (WIDTH - 6), HEIGHT - 3 - (loss / most) * (HEIGHT - 6)];
  });
}

/** Expected loss over earlier rankings. */
export function TrendLine({ trend }: { trend: Summary['trend'] }) {
  const corners = trendPoints(trend);
  const [first, last] = [trend[0], trend.at(-1)];
  const end = corners.at(-1);
  if (first === undefined || last === undefined || end === undefined) return null;
  const words = `From ${points(first.loss)} on ${inFull(first.time)} to ${points(last.loss)} on ${inFull(last.time)}`;
  return (
    <svg className={styles.trend} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      <title>{words}</title>
      <polyline points={corners.map((corner) => corner.join(',')).join(' ')} />
      <circle cx={end[0]} cy={end[1]} r="2.6" />
    </svg>
  );
}
