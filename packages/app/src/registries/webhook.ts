import type { RegistryView } from './registry-store.ts';
import { isInScope, type NamedScope } from './scope-name.ts';

/** Repositories of one notification that are looked at; the rest comes with the next look. */
const MOST_NAMES = 100;

/** A repository that a notification speaks of. The host is what the sender says, where it says one. */
export interface NotifiedRepository {
  host?: string | undefined;
  repository: string;
}

const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const HOST = /^[a-z0-9.-]{1,253}(?::\d{1,5})?$/i;

/**
 * The repositories that a registry's notification names, and nothing else of it: what is there is asked of the registry
 * itself. Understands the envelope of Distribution (Docker's registry, Azure's, GitLab's), Harbor's, Docker Hub's and
 * Quay's. Empty where none is named.
 */
export function readNotification(body: unknown): NotifiedRepository[] {
  const found = [...ofEnvelope(body), ...ofHarbor(body), ...ofDockerHub(body), ...ofQuay(body)];
  const named = found.filter(({ repository }) => repository.length <= 255 && NAME.test(repository));
  return [...new Map(named.map((entry) => [`${entry.host ?? ''} ${entry.repository}`, entry])).values()].slice(
    0,
    MOST_NAMES,
  );
}

/** `{"events": [{"action": "push", "target": {"repository": ...}, "request": {"host": ...}}]}`; Azure sends one such event alone. */
function ofEnvelope(body: unknown): NotifiedRepository[] {
  const events = property(body, 'events');
  const list = Array.isArray(events) ? events.slice(0, 10 * MOST_NAMES) : [body];
  return list.flatMap((event) => {
    const repository = text(property(property(event, 'target'), 'repository'));
    return repository === undefined ? [] : [{ host: host(property(property(event, 'request'), 'host')), repository }];
  });
}

/** `{"type": "PUSH_ARTIFACT", "event_data": {"repository": {"repo_full_name": ...}}}`. */
function ofHarbor(body: unknown): NotifiedRepository[] {
  const repository = text(property(property(property(body, 'event_data'), 'repository'), 'repo_full_name'));
  return repository === undefined ? [] : [{ repository }];
}

/** `{"repository": {"repo_name": "team/app"}}`. */
function ofDockerHub(body: unknown): NotifiedRepository[] {
  const repository = text(property(property(body, 'repository'), 'repo_name'));
  return repository === undefined ? [] : [{ host: 'docker.io', repository }];
}

/** `{"repository": "team/app", "docker_url": "quay.io/team/app"}`. */
function ofQuay(body: unknown): NotifiedRepository[] {
  const repository = text(property(body, 'repository'));
  const url = text(property(body, 'docker_url'));
  return repository === undefined || url === undefined ? [] : [{ host: host(url.split('/')[0]), repository }];
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

const text = (value: unknown) => (typeof value === 'string' && value.length <= 300 ? value : undefined);
const host = (value: unknown) => (typeof value === 'string' && HOST.test(value) ? value.toLowerCase() : undefined);

/**
 * Makes looks due at the repositories that a notification names. Only where the operator watches them: registries that
 * he did not name are never asked. A host that the sender states narrows it, where a scope has that host; registries
 * behind a proxy state hosts that are not theirs. Gives how many looks are due.
 */
export async function lookWhereNotified(
  view: Pick<RegistryView, 'scopes' | 'lookNow' | 'addRepository'>,
  repositories: NotifiedRepository[],
  now: string,
): Promise<number> {
  const scopes = await view.scopes();
  let looks = 0;
  for (const notified of repositories) {
    for (const { name, scope } of meant(scopes, notified)) {
      // New ones are not in the catalogue as it was read last.
      if (scope.repositories === undefined) await view.addRepository(name, notified.repository, now);
      looks += await view.lookNow({ watch: name, repository: notified.repository }, now, false);
    }
  }
  return looks;
}

function meant(scopes: NamedScope[], { host: stated, repository }: NotifiedRepository): NamedScope[] {
  const holding = scopes.filter(({ scope }) => isInScope(scope, repository));
  const exact = holding.filter(({ scope }) => scope.registry.toLowerCase() === stated);
  return exact.length > 0 || stated === 'docker.io' ? exact : holding;
}
