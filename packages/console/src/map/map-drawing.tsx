import type { MapBox } from '@breakwater/model';
import { useElementSize } from '@mantine/hooks';
import { type CSSProperties, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { setQuery, useDrawerAddress, useQueryValue } from '../client/scope.ts';
import { plural, points } from '../words/numbers.ts';
import { arrangeMap, BOX_HEIGHT } from './arrange-map.ts';
import type { MapMode, MapPart } from './choose-part.ts';
import styles from './map.module.css';

/** Width before the first measurement, in pixels. */
const FIRST_WIDTH = 1080;

const KIND_WORDS: Record<MapBox['kind'], string> = {
  origin: 'where attacks begin',
  workloads: 'workloads',
  asset: 'what attackers are after',
  identity: 'identity',
  node: 'node of the cluster',
  outside: 'outside',
};

/** Groups from left to right by steps from where attacks begin. Each opens what it holds; the table says all of it in words. */
export function MapDrawing({ part, mode }: { part: MapPart; mode: MapMode }) {
  const drawer = useDrawerAddress();
  const { ref, width } = useElementSize();
  const [pointed, setPointed] = useState<string>();
  const opened = useQueryValue('box');
  const openedLink = useQueryValue('link');
  const layout = useMemo(() => arrangeMap(part, mode, Math.max(width, 320) || FIRST_WIDTH), [part, mode, width]);
  const told = pointed ?? opened;
  return (
    <section className="scroll-x" ref={ref} aria-label="The map, left to right" data-map-drawing>
      <div className={styles.canvas} style={{ width: layout.width, height: layout.height }}>
        <svg className={styles.lines} width={layout.width} height={layout.height} aria-hidden="true">
          {layout.lines.map(({ key, link, from, to, d }) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: for pointers alone; the table opens the same by keyboard
            <g
              key={key}
              data-kind={link.kind}
              style={{ '--chance': link.probability ?? 1 } as CSSProperties}
              data-told={from === told || to === told || link.id === openedLink}
              onClick={() => setQuery({ link: link.id, box: undefined }, { replace: false })}
            >
              <title>{`${link.phrase}: ${link.reason}`}</title>
              <path className={styles.wide} d={d} />
              <path d={d} />
            </g>
          ))}
        </svg>
        {layout.columns
          .filter(({ title }) => title !== '')
          .map(({ title, x }) => (
            <p key={x} className={styles.head} style={{ left: x, width: layout.boxWidth }}>
              {title}
            </p>
          ))}
        {layout.boxes.map(({ box, x, y }) => (
          <Link
            key={box.id}
            href={drawer('box', box.id)}
            className={styles.box}
            data-kind={box.kind}
            data-told={box.id === told}
            style={{ left: x, top: y, width: layout.boxWidth, height: BOX_HEIGHT }}
            onPointerEnter={() => setPointed(box.id)}
            onPointerLeave={() => setPointed(undefined)}
            onFocus={() => setPointed(box.id)}
            onBlur={() => setPointed(undefined)}
          >
            <b>{box.label}</b>
            <span>{detail(box)}</span>
          </Link>
        ))}
      </div>
    </section>
  );
}

function detail({ kind, namespace, workloads, points: worth }: MapBox): string {
  if (kind !== 'workloads') return worth > 0 ? `value ${points(worth)}` : KIND_WORDS[kind];
  const where = namespace === '' ? '' : `${namespace} · `;
  const size = workloads.length > 1 ? `${plural(workloads.length, 'workload')} · ` : '';
  return `${where}${size}loss ${points(worth)}`;
}
