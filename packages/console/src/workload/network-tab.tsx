import { formatPlace, type WorkloadStory } from '@breakwater/model';
import { STEP_WORDS } from '../attack/attack-drawing.tsx';
import { edgeProbability } from '../attack/edge-probability.ts';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { probability } from '../words/numbers.ts';
import styles from './workload.module.css';

/** Ways from outside, and who may connect. */
export function NetworkTab({ story }: { story: WorkloadStory }) {
  return (
    <div className={styles.story}>
      <Exposures story={story} />
      <Neighbours story={story} />
    </div>
  );
}

function Exposures({ story: { exposures } }: { story: WorkloadStory }) {
  return (
    <section className="panel" aria-labelledby="exposures">
      <header>
        <h2 id="exposures">Reachable from outside</h2>
      </header>
      {exposures.length === 0 ? (
        <p className="inside soft">Nothing that was read opens it to the Internet or to the network of the nodes.</p>
      ) : (
        <div className="scroll-x">
          <table className="rows">
            <ColumnHeads of={['From', 'Through', 'Port', 'Defined in']} />
            <tbody>
              {exposures.map((exposure) => (
                <tr key={`${exposure.through} ${exposure.via} ${exposure.port}`}>
                  <td className="tight">{exposure.from === 'internet' ? 'Internet' : 'Network of the nodes'}</td>
                  <td>{exposure.phrase}</td>
                  <td className="tight">
                    {exposure.port === 0 ? 'every port' : `${exposure.port}/${exposure.protocol.toLowerCase()}`}
                  </td>
                  <td>
                    {exposure.places.map((place) => (
                      <code key={formatPlace(place)}>{formatPlace(place)} </code>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Neighbours({ story: { attack, ranked } }: { story: WorkloadStory }) {
  const self = `workload:${ranked.id}`;
  const labels = new Map(attack.nodes.map(({ id, label }) => [id, label]));
  const edges = attack.edges.filter(({ from, to }) => from === self || to === self);
  return (
    <section className="panel" aria-labelledby="neighbours">
      <header>
        <h2 id="neighbours">Steps to it and from it</h2>
      </header>
      {edges.length === 0 ? (
        <p className="inside soft">An attacker elsewhere in the estate has no step to it, and it offers none onward.</p>
      ) : (
        <div className="scroll-x">
          <table className="rows">
            <ColumnHeads of={['Direction', 'Other end', 'Step', { name: 'Chance', className: 'number' }, 'Why so']} />
            <tbody>
              {edges.map((edge) => (
                <tr key={edge.id}>
                  <td>{edge.to === self ? 'In' : 'Out'}</td>
                  <td>{labels.get(edge.to === self ? edge.from : edge.to)}</td>
                  <td>
                    {STEP_WORDS[edge.kind]}, {edge.phrase}
                  </td>
                  <td className="number">{probability(edgeProbability(edge))}</td>
                  <td className="soft">{edge.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
