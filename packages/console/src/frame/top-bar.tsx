import { Button, Kbd, NativeSelect } from '@mantine/core';
import { useRoute } from '../client/queries.ts';
import { setQuery, useScope } from '../client/scope.ts';
import styles from './frame.module.css';
import { SearchIcon } from './icons.tsx';

/** Scope, search and help. */
export function TopBar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  return (
    <div className={styles.bar}>
      <ScopeChoice />
      <button type="button" className={styles.find} onClick={onSearch}>
        <SearchIcon />
        <span>Search workloads, images, CVEs</span>
        <Kbd size="xs" className="wide-only">
          /
        </Kbd>
      </button>
      <Button variant="subtle" size="xs" className={styles.help} onClick={onHelp}>
        Keys
      </Button>
    </div>
  );
}

function ScopeChoice() {
  const scope = useScope();
  const scopes = useRoute('/api/summary').data?.scopes ?? [];
  const clusters = scopes.map(({ cluster }) => cluster).sort();
  const inScope = scopes.filter(({ cluster }) => scope.cluster === undefined || cluster === scope.cluster);
  const namespaces = [...new Set(inScope.flatMap((entry) => entry.namespaces))].sort();
  if (scopes.length === 0) return null;
  return (
    <>
      {clusters.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label="Cluster"
          value={scope.cluster ?? ''}
          onChange={({ currentTarget }) =>
            setQuery({ cluster: currentTarget.value, namespace: undefined }, { replace: false })
          }
          data={[{ value: '', label: 'All clusters' }, ...clusters]}
        />
      )}
      <NativeSelect
        size="xs"
        aria-label="Namespace"
        value={scope.namespace ?? ''}
        onChange={({ currentTarget }) => setQuery({ namespace: currentTarget.value }, { replace: false })}
        data={[{ value: '', label: 'All namespaces' }, ...namespaces]}
      />
    </>
  );
}
