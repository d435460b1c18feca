import type { RegistryList, WatchedRegistry } from '@breakwater/model';
import { setQuery } from '../client/scope.ts';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { Notice } from '../states/states.tsx';
import { count, plural } from '../words/numbers.ts';
import { age, inFull } from '../words/times.ts';
import styles from './registries.module.css';
import { useTagQuery } from './use-tags.ts';

/** Each watched registry with its state; choosing one narrows the list below. */
export function RegistryStates({ list }: { list: RegistryList }) {
  const { registry } = useTagQuery();
  const now = Date.now();
  return (
    <section className="panel" aria-labelledby="registries">
      <header>
        <h2 id="registries">Registries</h2>
        <span>
          {plural(list.images, 'image')} known
          {list.unjudged > 0 && `, ${count(list.unjudged)} to be judged by the newest advisories`}
        </span>
      </header>
      <div className="scroll-x">
        <table className="rows">
          <ColumnHeads
            of={[
              'Registry',
              'State',
              { name: 'Repositories', className: 'number wide-only' },
              { name: 'Tags', className: 'number' },
              { name: 'Looked at', className: 'wide-only' },
            ]}
          />
          <tbody>
            {list.items.map((item) => (
              <tr key={item.name}>
                <td>
                  <button
                    type="button"
                    className="plain-button"
                    aria-pressed={registry === item.name}
                    onClick={() =>
                      setQuery({ registry: registry === item.name ? undefined : item.name }, { replace: true })
                    }
                  >
                    {item.name}
                  </button>
                </td>
                <td>
                  <span className={styles.state} data-state={item.trouble ? 'failed' : 'read'}>
                    {stateWords(item)}
                  </span>
                </td>
                <td className="number wide-only">{count(item.repositories)}</td>
                <td className="number">{count(item.tags)}</td>
                <td className="wide-only soft">
                  {item.lookedAt === undefined ? (
                    'not yet'
                  ) : (
                    <time dateTime={item.lookedAt} title={inFull(item.lookedAt)}>
                      {age(item.lookedAt, now)} ago
                    </time>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {list.items.map(
        ({ name, trouble, nextLook }) =>
          trouble !== undefined && (
            <div key={name} className="inside">
              <Notice>
                <b>{trouble.message}.</b> {trouble.hint === undefined ? '' : `${sentence(trouble.hint)} `}
                {nextLook !== undefined && `It is tried again ${whenWords(nextLook, now)}.`}
              </Notice>
            </div>
          ),
      )}
    </section>
  );
}

function stateWords({ trouble, troubled, waiting, scope }: WatchedRegistry): string {
  if (trouble !== undefined) return 'Could not be read';
  if (troubled > 0) return `${plural(troubled, 'repository', 'repositories')} could not be read`;
  if (waiting > 0) return `${plural(waiting, 'image')} to be read`;
  return scope.repositories === undefined ? 'Followed' : 'Followed by a list';
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

function whenWords(time: string, now: number): string {
  return Date.parse(time) <= now ? 'now' : `in ${age(new Date(2 * now - Date.parse(time)).toISOString(), now)}`;
}
