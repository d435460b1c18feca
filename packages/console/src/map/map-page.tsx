import type { EstateMap } from '@breakwater/model';
import { Button, SegmentedControl } from '@mantine/core';
import { use, useMemo } from 'react';
import { RequestError } from '../client/fetch-route.ts';
import { isWorking, LiveProgress } from '../client/live-progress.ts';
import { useRoute } from '../client/queries.ts';
import { setQuery, useQueryValue, useScope } from '../client/scope.ts';
import { FirstRun } from '../states/first-run.tsx';
import { EmptyState, ErrorState, Notice, PageSkeleton } from '../states/states.tsx';
import '../styles/segmented-control.css';
import { count, plural } from '../words/numbers.ts';
import { choosePart, type MapMode } from './choose-part.ts';
import { groupNamespaces, MOST_GROUPS } from './group-namespaces.ts';
import { labelsOf } from './labels-of.ts';
import styles from './map.module.css';
import { MapDrawing } from './map-drawing.tsx';
import { MapTable } from './map-table.tsx';

/** Who can reach whom, in groups, and where attackers would go. */
export default function MapPage() {
  const { data, error, refetch } = useRoute('/api/map');
  const isFirst = error instanceof RequestError && error.status === 404;
  const isReading = isWorking(use(LiveProgress)) && isFirst;
  return (
    <div className={styles.page}>
      <title>Map · Breakwater</title>
      {((data === undefined && error === null) || isReading) && <PageSkeleton rows={8} />}
      {isFirst && !isReading && <FirstRun />}
      {error !== null && !isFirst && <ErrorState error={error} retry={() => void refetch()} />}
      {data !== undefined && <WholeMap map={data} />}
    </div>
  );
}

function WholeMap({ map }: { map: EstateMap }) {
  const scope = useScope();
  const mode: MapMode = useQueryValue('map') === 'allowed' ? 'allowed' : 'ways';
  const { cluster, namespace } = scope;
  const { part, labels, isGrouped } = useMemo(() => {
    const chosen = choosePart(map, mode, { cluster, namespace });
    const isLarge = chosen.boxes.filter(({ kind }) => kind === 'workloads').length > MOST_GROUPS;
    const shown = isLarge ? groupNamespaces({ ...map, ...chosen }) : chosen;
    return { part: shown, labels: labelsOf(isLarge ? groupNamespaces(map) : map), isGrouped: isLarge };
  }, [map, mode, cluster, namespace]);
  const groups = map.boxes.filter(({ kind }) => kind === 'workloads');
  const workloads = groups.reduce((sum, box) => sum + box.workloads.length, 0);
  if (workloads === 0) {
    return (
      <EmptyState title="No workload is known">
        The map shows who can reach whom. Add the folder that holds your manifests to the paths, or read a cluster.
      </EmptyState>
    );
  }
  return (
    <>
      <div>
        <h1>{headline(map)}</h1>
        <p className="soft">
          {plural(workloads, 'workload')} in {plural(groups.length, 'group')} that the network treats alike.{' '}
          {isGrouped && 'Shown by namespace: choose one above to see its groups. '}
          {map.notKnown.at(-1)}
        </p>
      </div>
      {map.notKnown.slice(0, -1).map((sentence) => (
        <Notice key={sentence}>{sentence}</Notice>
      ))}
      <div className={styles.tools}>
        <SegmentedControl
          size="xs"
          aria-label="What the map shows"
          value={mode}
          onChange={(value) => setQuery({ map: value === 'allowed' ? value : undefined }, { replace: true })}
          data={[
            { value: 'ways', label: 'Ways of attackers' },
            { value: 'allowed', label: 'All that is allowed' },
          ]}
        />
        <p className="soft wide-only">A group opens what it holds, a line what decides it.</p>
      </div>
      {part.boxes.length === 0 ? (
        <Nothing mode={mode} isScoped={cluster !== undefined || namespace !== undefined} />
      ) : (
        <>
          <div className={`panel ${styles.drawing}`}>
            <MapDrawing part={part} mode={mode} />
          </div>
          <MapTable key={`${mode} ${cluster} ${namespace}`} links={part.links} labels={labels} mode={mode} />
          {map.more > 0 && <p className="soft">{count(map.more)} further rows are not listed: narrow the scope.</p>}
        </>
      )}
    </>
  );
}

/** What the Internet touches first, as a sentence. */
function headline({ boxes, links }: EstateMap): string {
  const open = new Set(
    links.filter(({ kind, from }) => kind === 'entry' && from.includes('internet')).flatMap(({ to }) => to),
  );
  const touched = boxes.filter(({ id }) => open.has(id)).reduce((sum, { workloads }) => sum + workloads.length, 0);
  if (touched === 0) return 'Nothing here is open to the Internet, as far as it is known';
  return `The Internet touches ${plural(touched, 'workload')} first`;
}

function Nothing({ mode, isScoped }: { mode: MapMode; isScoped: boolean }) {
  const clear = () => setQuery({ cluster: undefined, namespace: undefined }, { replace: false });
  return (
    <div className="panel">
      <EmptyState
        inside
        title={mode === 'ways' ? 'No way of an attacker leads here' : 'Nothing is in this scope'}
        action={
          isScoped && (
            <Button variant="default" size="xs" onClick={clear}>
              Show the whole map
            </Button>
          )
        }
      >
        {mode === 'ways'
          ? 'No step to a loss was found in what could be read. What is allowed is on the other map.'
          : 'No workload of this map is in the cluster and namespace that are chosen.'}
      </EmptyState>
    </div>
  );
}
