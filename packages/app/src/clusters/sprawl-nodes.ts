import { supportOf } from '@breakwater/engine/inventory';
import { describeSupport, type ManifestObject, type SprawlItem } from '@breakwater/model';
import { type LiveIndex, objectsAt, textAt, valueAt } from './live-index.ts';
import { sprawlItem } from './sprawl-item.ts';

/** Megabytes from which images that nobody runs are worth a word: nodes remove them by themselves when space is short. */
const LEAST_MB = 100;
const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'];

/** Images that lie on nodes and that no pod of their cluster runs, a line for each node. */
export function unusedImages(index: LiveIndex): SprawlItem[] {
  const running = new Map<string, Set<string>>();
  for (const pod of index.ofKind('Pod')) {
    const names = running.get(pod.cluster) ?? new Set<string>();
    for (const list of CONTAINERS)
      for (const one of objectsAt(pod.object, 'spec', list)) names.add(short(textAt(one, 'image') ?? ''));
    for (const status of objectsAt(pod.object, 'status', 'containerStatuses'))
      names.add(short(textAt(status, 'imageID') ?? ''));
    running.set(pod.cluster, names);
  }
  return index.ofKind('Node').flatMap((node) => {
    const used = running.get(node.cluster) ?? new Set();
    const idle = objectsAt(node.object, 'status', 'images').filter(
      (image) => !namesOf(image).some((name) => used.has(short(name))),
    );
    const megabytes = idle.reduce((sum, image) => sum + (Number(valueAt(image, 'sizeBytes')) || 0), 0) / 1e6;
    if (megabytes < LEAST_MB) return [];
    const named = idle.slice(0, 3).map((image) => namesOf(image).at(-1) ?? '');
    const more = idle.length > named.length ? ` and ${idle.length - named.length} more` : '';
    const why = `${Math.round(megabytes)} MB of images that no pod runs: ${named.join(', ')}${more}`;
    return [sprawlItem('unused-image', node, why)];
  });
}

function namesOf(image: Parameters<typeof valueAt>[0]): string[] {
  const names = valueAt(image, 'names');
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

/** Without what engines write before names. */
function short(name: string): string {
  return name.replace(/^(docker-pullable:\/\/|docker:\/\/)/, '').replace(/^docker\.io\/(library\/)?/, '');
}

/** Nodes whose operating system gets no more fixes. */
export function endedSupport(index: LiveIndex, now: string): SprawlItem[] {
  return index.ofKind('Node').flatMap((node) => {
    const distribution = distributionOf(node);
    if (!distribution) return [];
    return supportOf({ distribution, components: [] }, now).flatMap((status) => {
      const why = describeSupport(status, now);
      return why ? [sprawlItem('end-of-life', node, why)] : [];
    });
  });
}

/** `Debian GNU/Linux 12 (bookworm)`, `Ubuntu 20.04.6 LTS`: what a node says of itself. */
function distributionOf({ object }: ManifestObject): { id: string; versionId: string; name: string } | undefined {
  const name = textAt(object, 'status', 'nodeInfo', 'osImage') ?? '';
  const found = /^(Debian|Ubuntu|Alpine|Fedora|CentOS|Rocky|AlmaLinux|Amazon Linux|Red Hat)[^0-9]*([0-9][0-9.]*)/.exec(
    name,
  );
  if (!found) return undefined;
  const [, vendor = '', version = ''] = found;
  const id = IDS[vendor] ?? vendor.toLowerCase();
  return { id, versionId: id === 'ubuntu' ? version.split('.').slice(0, 2).join('.') : version, name };
}

const IDS: Record<string, string> = { 'Amazon Linux': 'amzn', 'Red Hat': 'rhel' };
