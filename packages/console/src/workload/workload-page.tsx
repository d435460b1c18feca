import { subjectOfWorkload, type WorkloadStory } from '@breakwater/model';
import { Button, Tabs } from '@mantine/core';
import { Link } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import { keepScope } from '../client/addresses.ts';
import { RequestError } from '../client/fetch-route.ts';
import { useRoute } from '../client/queries.ts';
import { setQuery, useDrawerAddress, usePathId, useQueryValue } from '../client/scope.ts';
import { Later, LaterPart } from '../frame/later.tsx';
import { EmptyState, ErrorState, LinesSkeleton, Notice, PageSkeleton } from '../states/states.tsx';
import '../styles/tabs.css';
import { count, plural, points, removed } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import { FindingsTab } from './findings-tab.tsx';
import { ImageTab } from './image-tab.tsx';
import { NetworkTab } from './network-tab.tsx';
import { StoryTab } from './story-tab.tsx';
import styles from './workload.module.css';

const behaviourTab = new LaterPart(() => import('../behaviour/behaviour-tab.tsx'));

/** A workload as a story on one page. */
export default function WorkloadPage() {
  const id = usePathId('/workloads/');
  const { data, error, refetch } = useRoute('/api/workloads/{id}', { segments: { id } });
  if (error instanceof RequestError && error.status === 404) return <Gone id={id} />;
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <>
      <title>{`${data?.workload.name ?? 'Workload'} · Breakwater`}</title>
      {data === undefined ? <PageSkeleton rows={4} /> : <Story story={data} />}
    </>
  );
}

function Gone({ id }: { id: string }) {
  return (
    <>
      <title>Not found · Breakwater</title>
      <EmptyState title="This workload is not in the estate" action={<Link href="/inventory">See all workloads</Link>}>
        <code>{id}</code> was not among what was last read.
      </EmptyState>
    </>
  );
}

function Story({ story }: { story: WorkloadStory }) {
  const { ranked, workload, findings, exposures, estateLoss, rank } = story;
  const tab = useQueryValue('tab') || 'story';
  const subject = subjectOfWorkload(workload);
  return (
    <div className={styles.page}>
      <Head story={story} />
      <p className={styles.sentence}>
        {/^[a-z]/.test(ranked.why) && (
          <b>
            {ranked.namespace}/{ranked.name}{' '}
          </b>
        )}
        <Sentence text={ranked.why} />{' '}
        <span>
          Expected loss <b>{points(ranked.loss)}</b> of {points(estateLoss)}, rank {count(rank)}.
        </span>
      </p>
      {story.unknowns.length > 0 && (
        <Notice>
          <b>{plural(story.unknowns.length, 'fact is', 'facts are')} missing here</b>, so the loss may lie between{' '}
          {points(ranked.lossRange[0])} and {points(ranked.lossRange[1])}. {story.unknowns[0]?.message}
        </Notice>
      )}
      <Tabs value={tab} onChange={(next) => setQuery({ tab: next === 'story' ? '' : (next ?? '') }, { replace: true })}>
        <Tabs.List className={styles.tabs}>
          <Tabs.Tab value="story">Story</Tabs.Tab>
          <Tabs.Tab value="findings">
            Findings <span className="soft">{count(findings.length)}</span>
          </Tabs.Tab>
          <Tabs.Tab value="behaviour">Behaviour</Tabs.Tab>
          <Tabs.Tab value="network">
            Network <span className="soft">{count(exposures.length)}</span>
          </Tabs.Tab>
          <Tabs.Tab value="image">
            {workload.containers.length > 1 ? 'Images' : 'Image'}{' '}
            <span className="soft">{count(workload.containers.length)}</span>
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="story">{tab === 'story' && <StoryTab story={story} />}</Tabs.Panel>
        <Tabs.Panel value="findings">{tab === 'findings' && <FindingsTab story={story} />}</Tabs.Panel>
        <Tabs.Panel value="behaviour">
          {tab === 'behaviour' && (
            <Later part={behaviourTab} props={{ subject }} fallback={<LinesSkeleton lines={10} />} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="network">{tab === 'network' && <NetworkTab story={story} />}</Tabs.Panel>
        <Tabs.Panel value="image">{tab === 'image' && <ImageTab story={story} />}</Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Head({ story: { workload, fixes } }: { story: WorkloadStory }) {
  const scope = keepScope(useSearch());
  const drawer = useDrawerAddress();
  const [best] = fixes;
  const facts = [workload.kind, workload.replicas === undefined ? '' : plural(workload.replicas, 'replica')];
  return (
    <div>
      <nav aria-label="Breadcrumb">
        <ol className="crumbs">
          <li>
            <Link href={`/inventory${scope}`}>Inventory</Link>
          </li>
          <li>
            <Link href={`/inventory?cluster=${encodeURIComponent(workload.cluster)}`}>{workload.cluster}</Link>
          </li>
          <li>
            <Link href={`/inventory?namespace=${encodeURIComponent(workload.namespace)}`}>{workload.namespace}</Link>
          </li>
        </ol>
      </nav>
      <div className={styles.head}>
        <h1>{workload.name}</h1>
        <span className="chip">{facts.filter(Boolean).join(' · ')}</span>
        {best !== undefined && (
          <Button component={Link} href={drawer('fix', String(best.n))} size="xs" className={styles.act}>
            Fix: {removed(best.lossRemoved)}
          </Button>
        )}
      </div>
    </div>
  );
}
