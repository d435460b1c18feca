import { isWrittenList, isWrittenMap, plainOf, type Written } from '../written.ts';

/** Fields that a later file replaces instead of adding to them. */
const REPLACED = new Set(['command', 'entrypoint', 'healthcheck.test', 'image', 'build.args.no_cache']);
/** Fields that may be a list of `KEY=VALUE` or a mapping, and are merged by key. */
const KEYED = new Set([
  'annotations',
  'build.args',
  'build.labels',
  'deploy.labels',
  'environment',
  'extra_hosts',
  'labels',
  'sysctls',
]);
/** Lists whose items stand for one thing each: a later one replaces the earlier one. */
const IDENTITY: Record<string, (item: Written) => string> = {
  volumes: (item) => targetOf(item),
  devices: (item) => targetOf(item),
  secrets: (item) => fileTarget(item),
  configs: (item) => fileTarget(item),
  ports: (item) => JSON.stringify(plainOf(item)),
};
/** Lists that may also be mappings by name. */
const NAMED = new Set(['networks', 'depends_on', 'models']);
const RESET = '!reset';
const OVERRIDE = '!override';

/**
 * One service as a later file leaves it (Compose Specification, "Merge"): mappings are merged, lists appended, what is
 * unique by its target or key replaced; `!reset` removes and `!override` replaces. Every part keeps its own place.
 */
export function mergeServices(base: Written, later: Written): Written {
  return mergeFields(base, later, '');
}

function mergeFields(base: Written, later: Written, path: string): Written {
  if (!isWrittenMap(base) || !isWrittenMap(later)) return later.value === null ? base : later;
  const fields = new Map(base.value);
  for (const [key, value] of later.value) {
    const known = fields.get(key);
    const inner = path === '' ? key : `${path}.${key}`;
    const tagged = taggedValue(value);
    if (tagged?.tag === RESET) fields.delete(key);
    else if (tagged !== undefined) fields.set(key, tagged.value);
    else fields.set(key, known === undefined || known.value === null ? value : mergeField(known, value, inner));
  }
  return { ...base, value: fields };
}

function mergeField(base: Written, later: Written, path: string): Written {
  if (later.value === null) return base;
  if (REPLACED.has(path)) return later;
  if (KEYED.has(path) || NAMED.has(path)) return mergeKeyed(base, later, path);
  if (isWrittenList(base) && isWrittenList(later)) return mergeLists(base.value, later, path);
  if (isWrittenMap(base) && isWrittenMap(later)) return mergeFields(base, later, path);
  return later;
}

/* Lists of `KEY=VALUE` on both sides keep their form: what the later one names again leaves the earlier one. */
function mergeKeyed(base: Written, later: Written, path: string): Written {
  if (isWrittenMap(base) && isWrittenMap(later)) return mergeFields(base, later, path);
  const named = NAMED.has(path);
  const fields = new Map<string, Written>();
  for (const written of [base, later]) {
    for (const [key, item] of keysOf(written, named)) fields.set(key, item);
  }
  return { ...later, value: fields };
}

function keysOf(written: Written, named: boolean): [string, Written][] {
  if (isWrittenMap(written)) return [...written.value];
  if (!isWrittenList(written)) return [];
  return written.value.flatMap((item): [string, Written][] => {
    if (typeof item.value === 'object') return [];
    const text = String(item.value);
    if (named) return [[text, { ...item, value: new Map() }]];
    const at = text.indexOf('=');
    return at === -1
      ? [[text, { ...item, value: null }]]
      : [[text.slice(0, at), { ...item, value: text.slice(at + 1) }]];
  });
}

function mergeLists(base: readonly Written[], later: Written & { value: readonly Written[] }, path: string): Written {
  const identity = IDENTITY[path];
  if (identity === undefined) return { ...later, value: [...base, ...later.value] };
  const items = new Map<string, Written>();
  for (const item of [...base, ...later.value]) items.set(identity(item), item);
  return { ...later, value: [...items.values()] };
}

/** Where something is mounted: `a:/b:ro` and `{ target: /b }` are the same volume. */
function targetOf(item: Written): string {
  if (isWrittenMap(item)) return String(item.value.get('target')?.value ?? JSON.stringify(plainOf(item)));
  const parts = String(item.value).split(':');
  const target = parts.length === 1 ? parts[0] : /^[A-Za-z]$/.test(parts[0]!) ? parts[2] : parts[1];
  return target ?? String(item.value);
}

function fileTarget(item: Written): string {
  if (!isWrittenMap(item)) return String(item.value);
  return String(item.value.get('target')?.value ?? item.value.get('source')?.value ?? JSON.stringify(plainOf(item)));
}

/** What a value marked `!reset` or `!override` holds (see the YAML schema, which keeps these two tags). */
export function taggedValue(written: Written): { tag: typeof RESET | typeof OVERRIDE; value: Written } | undefined {
  if (!isWrittenMap(written) || written.value.size !== 1) return undefined;
  const [[key, value]] = [...written.value] as [[string, Written]];
  return key === RESET || key === OVERRIDE ? { tag: key, value } : undefined;
}
