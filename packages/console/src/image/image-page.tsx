import type { ImageStory } from '@breakwater/model';
import { Link } from 'wouter';
import { workloadAddress } from '../client/addresses.ts';
import { RequestError } from '../client/fetch-route.ts';
import { useRoute } from '../client/queries.ts';
import { usePathId } from '../client/scope.ts';
import { FindingTable } from '../finding/finding-table.tsx';
import { EmptyState, ErrorState, Notice, PageSkeleton } from '../states/states.tsx';
import { bytes, count, plural, points } from '../words/numbers.ts';
import { ComponentTable } from './component-table.tsx';
import styles from './image.module.css';
import { LayerList } from './layer-list.tsx';

/** An image on one page. */
export default function ImagePage() {
  const id = usePathId('/images/');
  const { data, error, refetch } = useRoute('/api/images/{id}', { segments: { id } });
  if (error instanceof RequestError && error.status === 404) {
    return (
      <EmptyState
        title="This image is not in the estate"
        action={<Link href="/inventory?tab=images">See all images</Link>}
      >
        <code>{id}</code> was not among what was last read.
      </EmptyState>
    );
  }
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
  return data === undefined ? <PageSkeleton rows={4} /> : <Image story={data} />;
}

const SOURCE_WORDS: Record<ImageStory['image']['source'], string> = {
  'docker-archive': 'from an archive',
  'oci-layout': 'from an OCI layout',
  'oci-archive': 'from an OCI archive',
  registry: 'from a registry',
  'root-filesystem': 'from a root file system',
  sbom: 'from an SBOM',
  docker: 'from Docker',
  podman: 'from Podman',
  'containers-storage': "from the containers' storage of this machine",
  'docker-storage': 'from the storage of Docker',
  container: 'from a container',
  repository: 'from a source repository',
};

function Image({ story }: { story: ImageStory }) {
  const { image, components, findings, workloads } = story;
  const matter = findings.filter((finding) => finding.matters);
  const name = image.references[0] ?? image.target;
  const seen = components.filter(({ evidence }) => evidence.state === 'executed' || evidence.state === 'loaded').length;
  return (
    <div className={styles.page}>
      <title>{`${name} · Breakwater`}</title>
      <nav aria-label="Breadcrumb">
        <ol className="crumbs">
          <li>
            <Link href="/inventory">Inventory</Link>
          </li>
          <li>
            <Link href="/inventory?tab=images">Images</Link>
          </li>
        </ol>
      </nav>
      <h1>{name}</h1>
      <p className={styles.chips}>
        <span className="chip">{image.distribution?.name ?? 'no distribution'}</span>
        {image.platform !== undefined && (
          <span className="chip">
            {image.platform.os}/{image.platform.architecture}
          </span>
        )}
        <span className="chip">
          {image.layers.length === 0
            ? SOURCE_WORDS[image.source]
            : `${plural(image.layers.length, 'layer')}, ${bytes(image.layers.reduce((sum, { size }) => sum + size, 0))}`}
        </span>
        <span className="chip mono" title={image.id}>
          {image.id.slice(0, 19)}…
        </span>
      </p>
      <p className={styles.sentence}>
        {plural(components.length, 'component')}, of which <b>{count(seen)} ran or were loaded</b>.{' '}
        {plural(findings.length, 'finding')};{' '}
        <b>
          {count(matter.length)} {matter.length === 1 ? 'matters' : 'matter'} here
        </b>
        .
      </p>
      {image.unknowns.length > 0 && (
        <Notice>
          <b>Read in part.</b> {image.unknowns[0]?.message}
          {image.unknowns.length > 1 && ` And ${plural(image.unknowns.length - 1, 'other fact')} could not be had.`}
        </Notice>
      )}
      <section className="panel" aria-labelledby="findings">
        <header>
          <h2 id="findings">Findings</h2>
          <span>{count(findings.length)}</span>
        </header>
        {findings.length === 0 ? (
          <p className="inside soft">No advisory matched and no policy failed in what could be read.</p>
        ) : (
          <FindingTable findings={findings} showsWorkload />
        )}
      </section>
      <ComponentTable components={components} />
      <div className={styles.pair}>
        <LayerList image={image} />
        <section className="panel" aria-labelledby="where">
          <header>
            <h2 id="where">Where it runs</h2>
            <span>by loss</span>
          </header>
          {workloads.length === 0 && <p className="inside soft">No workload that was read runs it.</p>}
          <ul>
            {workloads.map(({ id, loss }) => (
              <li key={id} className={styles.line}>
                <Link href={workloadAddress(id)}>{id}</Link>
                <b>{points(loss)}</b>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
}
