import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ClusterList, type ClusterStatus, type Image, UserError } from '@breakwater/model';
import type { ChosenKind } from '@breakwater/sources/clusters';
import { clusterReading, KUBECONFIG_OPTIONS } from '../cluster-options.ts';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption, readCount } from '../options.ts';
import { printContexts, printDrift, printSprawlOf, printStatus, printWhy } from '../terminal/print-clusters.ts';

export const command: Command = {
  name: 'cluster',
  summary: 'Asks live clusters: what can be read, what runs and why, where Git and cluster differ, what nobody needs.',
  usage: 'status | why [NAME] | drift PATH... | sprawl | rbac | contexts',
  examples: [
    { command: 'breakwater cluster status', says: 'the current context: kinds, objects, what may not be read' },
    {
      command: 'breakwater cluster why shop/cart',
      says: 'owners, image digests that run, who deployed it, since when',
    },
    {
      command: 'breakwater cluster drift k8s/ --context production',
      says: 'what differs from Git, and who changed it',
    },
    { command: 'breakwater cluster sprawl --context eu --context us', says: 'what gathered that nobody needs' },
    { command: 'breakwater cluster rbac | kubectl apply -f -', says: 'the role that reading this cluster takes' },
  ],
  options: {
    context: { type: 'string', multiple: true, value: 'CONTEXT', help: 'Context to ask; several times for several' },
    ...KUBECONFIG_OPTIONS,
    audit: { type: 'string', value: 'FILE', help: 'Audit log of the API server: who changed what' },
    limit: { type: 'string', value: 'N', help: 'Lines to show of each list (default 50)' },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
  },
  async run(invocation) {
    const [action = '', ...rest] = invocation.positionals;
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (act === undefined) {
      throw new UserError('Say what to ask: status, why, drift, sprawl, rbac or contexts.', {
        code: 'action-missing',
        hint: 'breakwater cluster --help shows examples.',
      });
    }
    return await act(invocation, rest);
  },
};

type Action = (invocation: Invocation, rest: string[]) => Promise<number>;

const ACTIONS: Record<string, Action> = {
  async contexts(invocation) {
    const { readContexts } = await import('@breakwater/sources/clusters');
    const contexts = await readContexts(clusterReading(invocation));
    const items = contexts.map(({ name, cluster, user, namespace, current }) => {
      return { name, server: serverOf(cluster.server), user: user.name, ...(namespace ? { namespace } : {}), current };
    });
    return answer(invocation, { items }, () => printContexts(items));
  },
  async status(invocation) {
    const followed = await followedClusters(invocation);
    if (followed) return answer(invocation, { items: followed }, () => printStatus(followed));
    const { openCluster } = await import('@breakwater/sources/clusters');
    const items: ClusterStatus[] = [];
    for (const context of await chosenContexts(invocation)) {
      const { namespaces } = clusterReading(invocation);
      const opened = await openCluster(context, { namespaces, signal: invocation.signal });
      await opened.listed;
      items.push(opened.status());
      await opened.close();
    }
    return answer(invocation, { items }, () => printStatus(items));
  },
  async why(invocation, [wanted]) {
    const report = (await ask(invocation)).why(wanted);
    if (wanted !== undefined && report.workloads.length === 0) {
      throw new UserError(`Nothing that runs is called ${wanted}, and nothing runs an image of that name.`, {
        code: 'workload-unknown',
        hint: 'Name a workload (shop/cart), a pod, an image or a digest.',
      });
    }
    return answer(invocation, report, () => printWhy(report, limitOf(invocation)));
  },
  async drift(invocation, paths) {
    if (paths.length === 0) {
      throw new UserError('Compared with what? Name the manifests: breakwater cluster drift k8s/', {
        code: 'path-missing',
      });
    }
    const report = await (await ask(invocation)).drift(paths, invocation.signal);
    answer(invocation, report, () => printDrift(report, limitOf(invocation)));
    if (report.items.some(({ state }) => state !== 'extra')) return EXIT.refused;
    return report.unknowns.length > 0 ? EXIT.unknown : EXIT.passed;
  },
  async sprawl(invocation) {
    const answers = await ask(invocation);
    const report = await withKnownImages(invocation, (known) => answers.sprawl(new Date().toISOString(), known));
    return answer(invocation, report, () => printSprawlOf(report, limitOf(invocation), Date.now()));
  },
  async rbac(invocation) {
    const [{ chooseKinds, discoverKinds, openClient }, { formatReaderRole, readerRules }] = await Promise.all([
      import('@breakwater/sources/clusters'),
      import('@breakwater/app/clusters'),
    ]);
    const found: ChosenKind[] = [];
    for (const context of await chosenContexts(invocation)) {
      const client = openClient(context);
      try {
        found.push(...chooseKinds((await discoverKinds(client, invocation.signal)).kinds));
      } finally {
        client.close();
      }
    }
    const rules = readerRules(found);
    return answer(invocation, { rules }, () => process.stdout.write(formatReaderRole('breakwater-reader', rules)));
  },
};

/** How the running server stands to the clusters that it follows; undefined where another is asked for, or none runs. */
async function followedClusters({ state, options }: Invocation): Promise<ClusterStatus[] | undefined> {
  if (options['context'] !== undefined || options['kubeconfig'] !== undefined) return undefined;
  const { openApi } = await import('../answers/server-answers.ts');
  const api = await openApi(state);
  const items = api && (await api.request('GET', '/api/clusters', ClusterList)).items;
  return items && items.length > 0 ? items : undefined;
}

async function ask(invocation: Invocation) {
  const { askClusters } = await import('@breakwater/app/clusters');
  const contexts = (await chosenContexts(invocation)).map(({ name }) => name);
  const audit = invocation.options['audit'] as string | undefined;
  return await askClusters(contexts, { ...clusterReading(invocation), audit, signal: invocation.signal });
}

/** With the images that registries brought into the store, where this state folder has one. */
async function withKnownImages<T>(
  { state }: Invocation,
  run: (known?: (names: string[]) => Promise<Image[]>) => Promise<T>,
): Promise<T> {
  if (!process.env['DATABASE_URL'] && !existsSync(join(state, 'store.sqlite'))) return await run();
  const { openEstateStore } = await import('../up/open-estate-store.ts');
  const store = await openEstateStore(state);
  try {
    return await run((names) => store.registries.imagesNamed(names));
  } finally {
    await store.close();
  }
}

/** The contexts that were named, else the current one. */
async function chosenContexts(invocation: Invocation) {
  const { findContext } = await import('@breakwater/sources/clusters');
  const names = (invocation.options['context'] as string[] | undefined) ?? ['current'];
  return await Promise.all(names.map((name) => findContext(name, clusterReading(invocation))));
}

function answer(invocation: Invocation, document: object, print: () => void): number {
  if (outputOption(invocation, ['table', 'json']) === 'json') {
    process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  } else {
    print();
  }
  return EXIT.passed;
}

function limitOf(invocation: Invocation): number {
  return readCount(invocation, 'limit', 50);
}

/** Without a name and a password, should the kubeconfig have them there. */
function serverOf(server: string): string {
  return URL.canParse(server) ? new URL(server).origin : '';
}
