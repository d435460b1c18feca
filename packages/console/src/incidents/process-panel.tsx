import type { IncidentProcess } from '@breakwater/model';
import { useState } from 'react';
import { shortName } from '../behaviour/short-name.ts';
import { plural } from '../words/numbers.ts';
import styles from './incidents.module.css';
import { type ProcessNode, processTrees } from './process-tree.ts';

/** Which process started which, by workload. */
export function ProcessPanel({ processes }: { processes: readonly IncidentProcess[] }) {
  const trees = Map.groupBy(processTrees(processes), ({ process }) => placeOf(process));
  return (
    <section className="panel" aria-labelledby="processes">
      <header>
        <h2 id="processes">Processes</h2>
        <span>{plural(processes.length, 'process', 'processes')}</span>
      </header>
      {processes.length === 0 && <p className="inside soft">No process of it is known.</p>}
      {[...trees].map(([place, nodes]) => (
        <div key={place} className={styles.processes}>
          <h3>{place}</h3>
          <Tree nodes={nodes} />
        </div>
      ))}
    </section>
  );
}

/** Processes of one parent that are shown before one asks for more. */
const FIRST = 8;

function Tree({ nodes }: { nodes: readonly ProcessNode[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? nodes : nodes.slice(0, FIRST);
  return (
    <ul>
      {shown.map(({ process, children }) => (
        <li key={process.id}>
          <p>
            <code>{[process.path, process.arguments].filter(Boolean).join(' ')}</code>
          </p>
          <p className="soft">{notesOf(process)}</p>
          {children.length > 0 && <Tree nodes={children} />}
        </li>
      ))}
      {shown.length < nodes.length && (
        <li>
          <button type="button" className="plain-button" onClick={() => setAll(true)}>
            Show {plural(nodes.length - shown.length, 'more process', 'more processes')}
          </button>
        </li>
      )}
    </ul>
  );
}

const placeOf = ({ subject, container, pod }: IncidentProcess): string =>
  [
    shortName(subject),
    container === undefined ? '' : `container ${container}`,
    pod === undefined ? '' : `pod ${pod.split('/').at(-1)}`,
  ]
    .filter(Boolean)
    .join(', ');

function notesOf({ pid, uid, inImage, node }: IncidentProcess): string {
  return [
    inImage === false ? 'not of the image' : '',
    uid === 0 ? 'runs as root' : uid === undefined ? '' : `user ${uid}`,
    pid === undefined ? '' : `process ${pid}`,
    node === undefined ? '' : `on ${node}`,
  ]
    .filter(Boolean)
    .join(', ');
}
