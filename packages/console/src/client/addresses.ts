/** Address of a workload's page. Ids hold slashes, so they are encoded whole. */
export const workloadAddress = (id: string) => `/workloads/${encodeURIComponent(id)}`;
/** Address of an image's page. */
export const imageAddress = (id: string) => `/images/${encodeURIComponent(id)}`;
/** Address of a finding's page. */
export const findingAddress = (key: string) => `/findings/${encodeURIComponent(key)}`;
/** Address of a fix's page. */
export const fixAddress = (n: number) => `/fixes/${n}`;
/** Address of an incident's page. */
export const incidentAddress = (id: string) => `/incidents/${encodeURIComponent(id)}`;
/** Address of what is known of how a container behaves. */
export const profileAddress = (subject: string, container?: string) =>
  `/behaviour/${encodeURIComponent(subject)}${changeQuery('', { container })}`;
/** Address of two releases beside each other; the newest and the one before where none are named. */
export const releasesAddress = (subject: string, wanted: { container?: string; from?: string; to?: string } = {}) =>
  `/releases/${encodeURIComponent(subject)}${changeQuery('', wanted)}`;

/** Names in the query that open something in the right drawer over the page that is open. */
export const DRAWER_NAMES = ['finding', 'fix', 'show', 'policy', 'question', 'box', 'link'] as const;
export type DrawerName = (typeof DRAWER_NAMES)[number];

/** The query with some names set (a string) or taken away (undefined); `?` included, empty when nothing is left. */
export function changeQuery(search: string, changes: Record<string, string | undefined>): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** The query that carries only the scope, so that it stays when another page is opened. */
export function keepScope(search: string): string {
  const query = new URLSearchParams(search);
  return changeQuery('', {
    cluster: query.get('cluster') ?? undefined,
    namespace: query.get('namespace') ?? undefined,
  });
}

/** The id behind `prefix` in a path as the browser has it, decoded once; empty when it cannot be decoded. */
export function idInPath(pathname: string, prefix: string): string {
  try {
    return pathname.startsWith(prefix) ? decodeURIComponent(pathname.slice(prefix.length)) : '';
  } catch {
    return '';
  }
}
