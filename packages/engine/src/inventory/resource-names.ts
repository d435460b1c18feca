/** Kinds whose plural does not follow from their name. */
const IRREGULAR: Readonly<Record<string, string>> = {
  Endpoints: 'endpoints',
  PodMetrics: 'pods',
  NodeMetrics: 'nodes',
};

/** The name of a kind's resource in the API, as it is formed almost everywhere: `NetworkPolicy`, `networkpolicies`. */
export function resourceOf(kind: string): string {
  if (Object.hasOwn(IRREGULAR, kind)) return IRREGULAR[kind] as string;
  const name = kind.toLowerCase();
  if (/(?:s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

/** Group and version of `apiVersion`; the core has no group. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}
