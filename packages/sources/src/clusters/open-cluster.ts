import type { ClusterKind, ClusterStatus, ClusterTrouble, Unknown } from '@breakwater/model';
import { z } from 'zod';
import { type ChosenKind, chooseKinds, type KindSelection } from './choose-kinds.ts';
import { type ClusterClient, openClient } from './cluster-client.ts';
import { clusterSource } from './cluster-target.ts';
import { Informer, type InformerOptions, type ObjectChange } from './informer.ts';
import type { ClusterContext } from './kubeconfig.ts';
import { discoverKinds, nameOf } from './resource-kinds.ts';
import { mayRead, secretsUnread } from './secret-access.ts';
import type { LiveObject } from './take-object.ts';
import { unreadKind } from './unread-kind.ts';

export interface OpenClusterOptions extends KindSelection {
  /** Only these namespaces; all, where the user may read all. */
  namespaces?: readonly string[] | undefined;
  onChange?(change: ObjectChange): void;
  /** Called when how the cluster stands changed. */
  onState?(): void;
  signal?: AbortSignal | undefined;
  retry?: InformerOptions['retry'];
  pollEvery?: number;
  /** Milliseconds between two looks at which kinds there are. */
  discoverEvery?: number;
}

/** A cluster that is followed. */
export interface OpenCluster {
  name: string;
  /** All objects that are known now. */
  objects(): Iterable<LiveObject>;
  status(): ClusterStatus;
  /** Settled when all kinds were listed once or refused. */
  listed: Promise<void>;
  /** Ends all watches and waits for them. */
  close(): Promise<void>;
}

const Version = z.object({ gitVersion: z.string() });
/** Kinds listed at once: an API server queues more than that. */
const LISTS = 4;
const DISCOVER = 10 * 60_000;
/** Milliseconds between a new kind and the look at it: it is served a moment later. */
const SETTLE = 2000;
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

/**
 * Follows a cluster: finds its kinds, then lists and watches each. Throws where the server cannot be reached at all or
 * does not take the credentials; what comes later is told in the status. Kinds that may not be read are unknown, with
 * the permission that is missing.
 */
export async function openCluster(context: ClusterContext, options: OpenClusterOptions = {}): Promise<OpenCluster> {
  const client = openClient(context);
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  try {
    const version = Version.safeParse(await client.get('/version', { signal })).data?.gitVersion;
    const following = new Following(client, context, options, signal);
    await following.discover();
    return {
      name: context.name,
      objects: () => following.objects(),
      status: () => ({ ...following.status(), server: client.server, ...(version ? { version } : {}) }),
      listed: following.listed,
      async close() {
        stop.abort();
        await following.ended();
        client.close();
      },
    };
  } catch (error) {
    stop.abort();
    client.close();
    throw error;
  }
}

class Following {
  readonly listed: Promise<void>;
  readonly #informers = new Map<string, Informer>();
  readonly #runs: Promise<void>[] = [];
  readonly #client: ClusterClient;
  readonly #context: ClusterContext;
  readonly #options: OpenClusterOptions;
  readonly #signal: AbortSignal;
  readonly #turn = takeTurns(LISTS);
  #failed: Unknown[] = [];
  #trouble: ClusterTrouble | undefined;
  #listedOnce: () => void = () => {};
  #soon: NodeJS.Timeout | undefined;

  constructor(client: ClusterClient, context: ClusterContext, options: OpenClusterOptions, signal: AbortSignal) {
    this.#client = client;
    this.#context = context;
    this.#options = options;
    this.#signal = signal;
    this.listed = new Promise((resolve) => {
      this.#listedOnce = resolve;
    });
    const again = setInterval(() => void this.#discoverAgain(), options.discoverEvery ?? DISCOVER);
    signal.addEventListener('abort', () => {
      clearInterval(again);
      clearTimeout(this.#soon);
      this.#listedOnce();
    });
  }

  /** Finds the kinds, and follows those that are new. Throws where that fails. */
  async discover(): Promise<void> {
    const { kinds, failed } = await discoverKinds(this.#client, this.#signal);
    const source = clusterSource(this.#client.name);
    this.#failed = failed.map(({ group, version, message }) => ({
      code: 'cluster-group-unknown',
      message: `What ${group}/${version} serves in cluster ${this.#client.name} is not known: ${message}.`,
      place: { source, path: `/apis/${group}/${version}` },
      hint: 'kubectl get apiservices names the server that does not answer.',
    }));
    for (const kind of chooseKinds(kinds, this.#options)) await this.#follow(kind);
    const first = [...this.#informers.values()].map(({ listed }) => listed);
    void Promise.all(first).then(() => this.#listedOnce());
  }

  async #discoverAgain(): Promise<void> {
    try {
      await this.discover();
      this.#trouble = undefined;
    } catch (error) {
      if (this.#signal.aborted) return;
      const { message } = error as Error;
      this.#trouble ??= { code: 'cluster-unreachable', message, since: new Date().toISOString() };
    }
    this.#options.onState?.();
  }

  async #follow(kind: ChosenKind): Promise<void> {
    const { namespaces } = this.#options;
    const wanted = kind.namespaced && namespaces ? namespaces : [undefined];
    for (const namespace of wanted) {
      if (await mayRead(this.#client, kind, namespace, this.#signal)) this.#start(kind, namespace);
      else this.#failed.push(secretsUnread(this.#client.name));
    }
  }

  #start(kind: ChosenKind, namespace: string | undefined): void {
    const key = `${nameOf(kind)} ${namespace ?? ''}`;
    const known = this.#informers.get(key);
    if (known && known.state !== 'gone') return;
    const informer = new Informer(this.#client, kind, {
      namespace,
      turn: this.#turn,
      ...(this.#options.retry ? { retry: this.#options.retry } : {}),
      ...(this.#options.pollEvery ? { pollEvery: this.#options.pollEvery } : {}),
      onChange: (change) => this.#take(change, kind),
      onState: () => {
        this.#narrow(informer);
        this.#options.onState?.();
      },
    });
    this.#informers.set(key, informer);
    this.#runs.push(informer.run(this.#signal));
  }

  /** Where all namespaces are refused, the one that the context names may be allowed. */
  #narrow({ kind, namespace, state, trouble }: Informer): void {
    const own = this.#context.namespace;
    if (state !== 'refused' || trouble?.code !== 'cluster-permission-missing') return;
    if (namespace === undefined && kind.namespaced && own !== undefined) this.#start(kind, own);
  }

  #take(change: ObjectChange, kind: ChosenKind): void {
    this.#options.onChange?.(change);
    // A kind was defined, changed or taken away.
    if (nameOf(kind) !== DEFINITIONS) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#discoverAgain();
    }, SETTLE);
  }

  *objects(): Iterable<LiveObject> {
    for (const informer of this.#informers.values()) yield* informer.objects.values();
  }

  status(): Omit<ClusterStatus, 'server'> {
    const informers = [...this.#informers.values()].filter(({ state }) => state !== 'gone');
    const kinds = informers.map(describe);
    return {
      name: this.#client.name,
      objects: kinds.reduce((sum, { objects }) => sum + objects, 0),
      kinds,
      ...(this.#trouble ? { trouble: this.#trouble } : {}),
      unknowns: [...this.#failed, ...informers.flatMap((informer) => unknownsOf(informer, this.#client.name))],
    };
  }

  async ended(): Promise<void> {
    await Promise.all(this.#runs);
  }
}

function describe({ kind, namespace, objects, state, heardAt, gaps, trouble }: Informer): ClusterKind {
  return {
    name: nameOf(kind),
    kind: kind.kind,
    ...(namespace ? { namespace } : {}),
    objects: objects.size,
    state,
    ...(heardAt ? { heardAt } : {}),
    gaps: [...gaps],
    ...(trouble ? { trouble } : {}),
  };
}

/** What could not be had of a kind. */
function unknownsOf({ kind, namespace, state, trouble, unknowns }: Informer, cluster: string): Unknown[] {
  return !trouble || state === 'watching' ? unknowns : [unreadKind(kind, namespace, cluster, trouble), ...unknowns];
}

/** Lets only `most` run at once; the others wait in order. */
export function takeTurns(most: number): NonNullable<InformerOptions['turn']> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
