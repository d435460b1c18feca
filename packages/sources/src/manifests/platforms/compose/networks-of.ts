import type { Json } from '@breakwater/model';
import type { WrittenReader } from '../read-written.ts';
import { fieldOf, isWrittenList, type Written } from '../written.ts';

/**
 * The networks of a service: those it names, else the project's own; none for one that has no network or another one's.
 * `network_mode: service:db` shares that service's network, and is taken for its project's.
 */
export function networksOf(service: Written, known: ReadonlyMap<string, Written>, reader: WrittenReader): Json {
  const mode = reader.text(fieldOf(service, 'network_mode'));
  if (mode === 'none') return [];
  const written = fieldOf(service, 'networks');
  const named = isWrittenList(written)
    ? written.value.flatMap((item) => reader.text(item) ?? [])
    : reader.fields(written).map(([name]) => name);
  return (named.length === 0 ? ['default'] : named).map((name) => ({
    name: networkName(name, known.get(name), reader),
    internal: reader.flag(fieldOf(known.get(name), 'internal')) ?? false,
  }));
}

/* A network of its own name, or one made elsewhere, is the same for every project that names it. */
function networkName(name: string, network: Written | undefined, reader: WrittenReader): string {
  const own = reader.text(fieldOf(network, 'name'));
  const external = fieldOf(network, 'external');
  const outer = reader.text(fieldOf(external, 'name'));
  if (outer !== undefined) return `/${outer}`;
  if (own !== undefined) return `/${own}`;
  return external !== undefined && external.value !== false ? `/${name}` : name;
}
