import type { AttackEdge, AttackNode, AttackView, RankedWorkload } from '@breakwater/model';
import { useElementSize } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { Arrow } from '../words/arrow.tsx';
import { plural, points, probability } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import styles from './attack.module.css';
import { AttackTable } from './attack-table.tsx';
import { drawSteps } from './draw-steps.ts';
import { BOX_HEIGHT, type Line, layoutAttack } from './layout-attack.ts';

/** Width before the first measurement, in pixels. */
const FIRST_WIDTH = 1080;

/** Words for the kinds of step. */
export const STEP_WORDS: Record<AttackEdge['kind'], string> = {
  entry: 'entry',
  reach: 'reach',
  exploit: 'exploit',
  escape: 'escape',
  identity: 'token',
  permission: 'permission',
  credential: 'credential',
  host: 'host',
  'supply-chain': 'supply chain',
};

const NODE_WORDS: Record<AttackNode['kind'], string> = {
  origin: 'where attacks begin',
  workload: 'workload',
  node: 'node of the cluster',
  identity: 'identity',
  asset: 'asset',
  hub: '',
};

/** The ways in and on, left to right. Each step tells its reason on hover and focus; a table says all of it in words. */
export function AttackDrawing({ view, ranked }: { view: AttackView; ranked: RankedWorkload }) {
  const focus = `workload:${ranked.id}`;
  const { ref, width } = useElementSize();
  const picture = useMemo(() => drawSteps(view, focus, ranked.path, ranked.onward), [view, focus, ranked]);
  const layout = useMemo(
    () => layoutAttack(picture, focus, Math.max(width, 320) || FIRST_WIDTH),
    [picture, focus, width],
  );
  const [chosen, setChosen] = useState<string>();
  const labels = useMemo(() => new Map(view.nodes.map(({ id, label }) => [id, label])), [view.nodes]);
  const told = layout.lines.find(({ step }) => step.id === chosen) ?? decidingLine(layout.lines);
  return (
    <div>
      <section className="scroll-x" ref={ref} aria-label="Attack path, left to right" data-attack-drawing>
        <div className={styles.canvas} style={{ width: layout.width, height: layout.height }}>
          <svg className={styles.lines} width={layout.width} height={layout.height} aria-hidden="true">
            {layout.lines.map((line) => (
              <path key={line.step.id} d={line.d} data-main={line.onMain} data-told={line === told} />
            ))}
          </svg>
          {layout.boxes.map(({ node, x, y, onMain }) => (
            <div
              key={node.id}
              className={styles.box}
              data-main={onMain}
              data-focus={node.id === focus}
              style={{ left: x, top: y, width: layout.boxWidth, height: BOX_HEIGHT }}
              title={node.valueReason === undefined ? node.label : `${node.label}: ${node.valueReason}`}
            >
              <b>{node.label}</b>
              <span>{nodeDetail(node)}</span>
            </div>
          ))}
          {layout.lines.map((line) => (
            <button
              key={line.step.id}
              type="button"
              className={styles.label}
              data-main={line.onMain}
              aria-pressed={line === told}
              style={{ left: line.label.x, top: line.label.y, width: line.label.width }}
              onPointerEnter={() => setChosen(line.step.id)}
              onFocus={() => setChosen(line.step.id)}
              onClick={() => setChosen(line.step.id)}
            >
              <span>
                {STEP_WORDS[line.step.kind]} {line.step.chance < 1 && probability(line.step.chance)}
                {line.others > 0 && `, ${line.others} more`}
              </span>
              <span className={styles.phrase}>{line.step.phrase}</span>
            </button>
          ))}
        </div>
      </section>
      {told !== undefined && <StepReason line={told} labels={labels} />}
      <AttackTable view={view} />
    </div>
  );
}

/** The step of the main way that holds an attacker up most. */
function decidingLine(lines: readonly Line[]): Line | undefined {
  const main = lines.filter(({ onMain }) => onMain);
  return (main.length > 0 ? main : lines).toSorted((a, b) => a.step.chance - b.step.chance)[0];
}

function nodeDetail(node: AttackNode): string {
  if (node.value > 0)
    return `value ${points(node.value)}${node.valueReason === undefined ? '' : `, ${node.valueReason}`}`;
  return node.valueReason ?? NODE_WORDS[node.kind];
}

/** Causes that are told at once. */
const CAUSES_TOLD = 3;

function StepReason({ line, labels }: { line: Line; labels: ReadonlyMap<string, string> }) {
  const { step: edge } = line;
  const causes = edge.causes.toSorted((a, b) => b.shared * b.local - a.shared * a.local);
  return (
    <div className={styles.reason}>
      <p>
        <b>
          {labels.get(edge.from) ?? edge.from} <Arrow /> {labels.get(edge.to) ?? edge.to}
        </b>{' '}
        <span className="soft">
          {STEP_WORDS[edge.kind]} {probability(edge.chance)}
        </span>
      </p>
      <p className="soft">
        <Sentence text={edge.reason} />
      </p>
      {causes.length > 0 && (
        <ul>
          {causes.slice(0, CAUSES_TOLD).map((cause) => (
            <li key={`${cause.key} ${cause.component}`}>
              <span className={styles.chance}>{probability(cause.shared * cause.local)}</span>
              <span>
                <Sentence text={cause.reason} />
              </span>
            </li>
          ))}
          {causes.length > CAUSES_TOLD && (
            <li className="soft">
              <span />
              and {plural(causes.length - CAUSES_TOLD, 'other cause')}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
