import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openContainment } from '@breakwater/app/containment';
import {
  closeIncident,
  expectIncident,
  type IncidentPorts,
  listIncidents,
  readIncident,
} from '@breakwater/app/incidents';
import { openProfileViews } from '@breakwater/app/profile-views';
import { openClusterApi, openJournal, type RespondContext, readRespondSettings } from '@breakwater/app/respond';
import { UserError } from '@breakwater/model';
import type { IncidentService, ProfileService } from '@breakwater/server';
import { readSigns, whoActs } from '../respond/who-acts.ts';
import type { ServeOptions } from './serve-options.ts';

/** How containers behave, and incidents, for the API. */
export function openBehaviourViews(options: Pick<ServeOptions, 'store' | 'invocation' | 'paths' | 'clusters'>): {
  profiles: ProfileService;
  incidents: IncidentService;
} {
  const { store } = options;
  const ports: IncidentPorts = {
    incidents: store.incidents,
    now: Date.now,
  };
  const who = () => whoActs(readSigns());
  const containment = openContainment({
    incidents: ports,
    open: (inCluster, cluster) => openResponding(options, inCluster, cluster),
    host: hostname(),
    who,
  });
  return {
    profiles: openProfileViews({ store: store.behaviour, now: Date.now, wait }),
    incidents: {
      list: (query) => listIncidents(store.incidents, query),
      incident: (id) => orUndefined(readIncident(store.incidents, id)),
      containment: (id) => orUndefined(containment.plan(id)),
      expect: async (id, request) => (await orUndefined(expectIncident(ports, id, request)))?.incident,
      close: (id, { reason }) => orUndefined(closeIncident(ports, id, { by: who(), reason })),
      contain: (id, request) => orUndefined(containment.contain(id, request)),
    },
  };
}

/** An incident that there is not is no mistake of the asker's, but an address that leads nowhere. */
async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UserError && error.code === 'incident-missing') return undefined;
    throw error;
  }
}

const SCHEME = 'cluster:';

/** Responds in the cluster that is followed, else in the current context; on this host where no cluster is meant. */
async function openResponding(
  { invocation: { state }, paths, clusters }: Pick<ServeOptions, 'invocation' | 'paths' | 'clusters'>,
  inCluster: boolean,
  told: string | undefined,
): Promise<RespondContext & { close(): void }> {
  const followed = paths.filter((path) => path.startsWith(SCHEME)).map((path) => path.slice(SCHEME.length));
  const isFollowed = told === undefined ? followed.length < 2 : followed.length === 0 || followed.includes(told);
  if (inCluster && !isFollowed) {
    const why =
      told === undefined
        ? 'Several clusters are followed, and which one it happened in was not told.'
        : `It happened in cluster ${told}, which is not followed under that name.`;
    throw new UserError(why, { code: 'cluster-unclear', hint: 'Do it with `breakwater respond` and --context.' });
  }
  const { kubeconfigs } = clusters;
  const cluster = inCluster ? await openClusterApi(told ?? followed[0] ?? 'current', { kubeconfigs }) : undefined;
  return {
    ports: { cluster, folder: join(state, 'evidence'), now: () => new Date() },
    settings: readRespondSettings(state),
    journal: openJournal(state),
    newId: () => `R${randomBytes(4).toString('hex')}`,
    close: () => cluster?.close(),
  };
}
