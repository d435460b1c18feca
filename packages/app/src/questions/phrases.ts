import type { QuestionEvidence, Workload } from '@breakwater/model';

const NUMBER = new Intl.NumberFormat('en');

/** `1 workload`, `1,243 workloads`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}

/** `is` or `are`, as a number asks for it. */
export const isOrAre = (count: number): string => (count === 1 ? 'is' : 'are');

/** `a, b and 3 more`. */
export function listSome(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${NUMBER.format(rest)} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last}`;
}

/** `shop/cart`, as every sentence names a workload. */
export function nameOf({ namespace, name }: Pick<Workload, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** `shop/cart` of the id of a workload or another object, read from its end: names of clusters may hold slashes. Ids of images stay. */
export function nameOfId(id: string): string {
  const parts = id.split('/');
  if (parts.length < 4) return id;
  return nameOf({ namespace: parts.at(-3) ?? '', name: parts.at(-1) ?? '' });
}

/** Paths as a shell takes them, for commands that read them again: `k8s/ 'my images'`; `PATH...` where there are many. */
export function spellPaths(paths: readonly string[]): string {
  if (paths.length === 0 || paths.length > 4) return 'PATH...';
  return paths.map((path) => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)).join(' ');
}

/** Evidence about a workload, which `explain` tells more of. */
export function aboutWorkload(id: string, sentence: string, places: QuestionEvidence['places'] = []): QuestionEvidence {
  return { sentence, about: { kind: 'workload', id }, command: `breakwater explain ${nameOfId(id)}`, places };
}

/** Evidence about a policy. */
export function aboutPolicy(name: string, sentence: string, places: QuestionEvidence['places'] = []): QuestionEvidence {
  return { sentence, about: { kind: 'policy', id: name }, command: `breakwater explain ${name}`, places };
}

/** How long ago, in the unit that says most: `3 min`, `2 h`, `4 days`. Both are ISO 8601. */
export function ageOf(time: string, now: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(time)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / (24 * 60))} days`;
}
