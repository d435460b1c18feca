import { useMemo } from 'react';
import { navigate, usePathname, useSearch } from 'wouter/use-browser-location';
import { changeQuery, DRAWER_NAMES, type DrawerName, idInPath } from './addresses.ts';

/** What part of the estate is looked at. */
export interface Scope {
  cluster?: string | undefined;
  namespace?: string | undefined;
}

/** One value of the query, read as the browser has it: the router would decode it twice. */
export function useQueryValue(name: string): string {
  const search = useSearch();
  return useMemo(() => new URLSearchParams(search).get(name) ?? '', [search, name]);
}

/** Changes names in the query of the page that is open. State lives in the address, so that it can be sent. */
export function setQuery(changes: Record<string, string | undefined>, options: { replace: boolean }): void {
  navigate(`${location.pathname}${changeQuery(location.search, changes)}`, options);
}

/** The scope in the address. */
export function useScope(): Scope {
  return { cluster: useQueryValue('cluster') || undefined, namespace: useQueryValue('namespace') || undefined };
}

/** The id behind a prefix in the path. */
export function usePathId(prefix: string): string {
  return idInPath(usePathname(), prefix);
}

/** Address that opens something in the drawer over the page that is open. */
export function useDrawerAddress(): (name: DrawerName, value: string) => string {
  const pathname = usePathname();
  const search = useSearch();
  return (name, value) => {
    const cleared = Object.fromEntries(DRAWER_NAMES.map((other) => [other, undefined]));
    return `${pathname}${changeQuery(search, { ...cleared, [name]: value })}`;
  };
}
