import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterList, ClusterTrouble } from '@breakwater/model';
import { clusterSource, findContext, type OpenCluster, openCluster } from '@breakwater/sources/clusters';
import type { FollowClustersOptions } from './follow-options.ts';
import { indexLive } from './live-index.ts';
import { LiveJudgement } from './live-judgement.ts';
import type { LiveReading } from './read-live.ts';
import { writeSnapshot } from './snapshots.ts';
import { sprawlOf } from './sprawl.ts';

type ListedCluster = ClusterList['items'][number];

/** Milliseconds between two writings of what a cluster holds: in a busy cluster something changes all the time. */
const KEEP_EVERY = 5000;
/** How many times longer than it took the next look at the cluster as a whole waits: large ones take seconds. */
const WHOLE_PAUSE = 20;
/** Milliseconds before the first new attempt to reach a cluster, and at most. */
const RETRY = { first: 1000, most: 60_000 };

/** One cluster that is followed: its informers, what policies say of it, and what it holds. */
export class FollowedCluster {
  readonly #context: string;
  readonly #options: FollowClustersOptions;
  readonly #judgement: LiveJudgement;
  #open: OpenCluster | undefined;
  #listed = false;
  #trouble: ClusterTrouble | undefined;
  /** Something changed since the snapshot; since anything was told. */
  #changed = false;
  #told = false;
  #keptAt = 0;
  #sprawl = 0;
  /** When the cluster as a whole may be looked at again, in milliseconds. */
  #wholeFrom = 0;

  constructor(context: string, options: FollowClustersOptions) {
    this.#context = context;
    this.#options = options;
    this.#judgement = new LiveJudgement(options.policySet, () => this.#unread().map(({ kind }) => kind));
  }

  /** Opens the cluster, again and again until that works, and closes it at the signal. */
  async run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted && this.#open === undefined; attempt += 1) {
      try {
        const { reading } = this.#options;
        const context = await findContext(this.#context, reading);
        this.#open = await openCluster(context, {
          ...(reading.namespaces ? { namespaces: reading.namespaces } : {}),
          signal,
          onChange: (change) => {
            this.#changed = this.#judgement.take(change) || this.#changed;
            this.#told = true;
          },
          onState: () => {
            this.#changed = true;
            this.#told = true;
          },
        });
        this.#trouble = undefined;
        await this.#open.listed;
        this.#listed = true;
      } catch (error) {
        if (signal.aborted) break;
        this.#fail(error);
        const pause = Math.min(RETRY.most, RETRY.first * 2 ** Math.min(attempt, 10));
        await wait(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      }
    }
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await this.#open?.close();
  }

  /** Judges what changed and keeps it. `told`: how it stands changed. `kept`: what is kept changed. */
  async settle(): Promise<{ told: boolean; kept: boolean }> {
    const told = this.#told;
    this.#told = false;
    const due = this.#changed && this.#listed && Date.now() - this.#keptAt >= KEEP_EVERY;
    if (told) this.#judgement.judge();
    const looked = this.#judgeWhole();
    if (!due) return { told: told || looked, kept: false };
    this.#changed = false;
    this.#keptAt = Date.now();
    const reading = this.#reading();
    await writeSnapshot(this.#options.snapshots, this.#context, reading);
    const unread = this.#unread().map(({ name }) => ({ cluster: this.#name, name }));
    this.#sprawl = sprawlOf(indexLive(reading.objects), { now: new Date().toISOString(), unread }).items.length;
    return { told: true, kept: true };
  }

  /** Judges by policies on the cluster as a whole where that is due; whether it was. */
  #judgeWhole(): boolean {
    const begin = Date.now();
    if (!this.#listed || begin < this.#wholeFrom || this.#judgement.judgeWhole() === 0) return false;
    const end = Date.now();
    this.#wholeFrom = end + Math.max(KEEP_EVERY, WHOLE_PAUSE * (end - begin));
    return true;
  }

  /** How it stands now. */
  describe(): ListedCluster {
    let failing = 0;
    let undecided = 0;
    for (const { verdict, exception } of this.#judgement.results()) {
      if (exception) continue;
      if (verdict === 'fail') failing += 1;
      else if (verdict === 'unknown') undecided += 1;
    }
    const empty = { name: this.#context, server: '', objects: 0, kinds: [], unknowns: [] };
    const status = this.#open?.status() ?? empty;
    return {
      ...status,
      ...(this.#trouble ? { trouble: this.#trouble } : {}),
      failing,
      undecided,
      sprawl: this.#sprawl,
    };
  }

  get #name(): string {
    return this.#open?.name ?? this.#context;
  }

  /** Kinds that are refused, or were never heard of. */
  #unread(): { name: string; kind: string }[] {
    const kinds = this.#open?.status().kinds ?? [];
    return kinds.filter(({ state, heardAt }) => state === 'refused' || heardAt === undefined);
  }

  #reading(): LiveReading {
    const unread = this.#unread();
    const unknowns = this.#open?.status().unknowns ?? [];
    const cluster = {
      name: this.#name,
      unread: unread.map(({ kind }) => kind),
      unreadResources: unread.map(({ name }) => name),
    };
    return { objects: [...(this.#open?.objects() ?? [])], clusters: [cluster], unknowns };
  }

  #fail(error: unknown): void {
    const { code = 'cluster-failed', message, hint } = error as { code?: string; message: string; hint?: string };
    const since = this.#trouble?.since ?? new Date().toISOString();
    if (this.#trouble?.message !== message) {
      const unknown = { code, message, place: { source: clusterSource(this.#context) }, ...(hint ? { hint } : {}) };
      // So that a reading says what is the matter, in place of trying it again.
      void writeSnapshot(this.#options.snapshots, this.#context, { objects: [], clusters: [], unknowns: [unknown] });
    }
    this.#trouble = { code, message, since, ...(hint ? { hint } : {}) };
    this.#told = true;
  }
}
