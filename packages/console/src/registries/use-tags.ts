import type { WatchedTagPage } from '@breakwater/model';
import { useInfiniteQuery } from '@tanstack/react-query';
import { fetchRoute } from '../client/fetch-route.ts';
import { setQuery, useQueryValue } from '../client/scope.ts';

/** Rows that one page of the list brings. */
const PAGE_SIZE = 50;
/** Milliseconds after which the list is asked for again: registries are looked at all the time. */
export const REFRESH = 15_000;

export const ORDERS = ['name', 'worst', 'age', 'since'] as const;
export type Order = (typeof ORDERS)[number];

/** What narrows the list and in which order it stands; kept in the address. */
export function useTagQuery() {
  const order = useQueryValue('sort');
  return {
    search: useQueryValue('search'),
    registry: useQueryValue('registry'),
    show: useQueryValue('tags'),
    sort: ORDERS.find((known) => known === order) ?? ('name' as Order),
  };
}

/** Puts the list into another order. */
export function sortBy(order: Order): void {
  setQuery({ sort: order === 'name' ? undefined : order }, { replace: true });
}

/** What `show` means to the API: a state of tags, or what is the matter with them. */
export const SHOWN: Record<string, { label: string; query: { state?: string; only?: string } }> = {
  '': { label: 'All tags', query: {} },
  unused: { label: 'Nobody runs', query: { only: 'unused' } },
  'end-of-life': { label: 'Base without fixes', query: { only: 'end-of-life' } },
  failed: { label: 'Could not be read', query: { state: 'failed' } },
  waiting: { label: 'To be read', query: { state: 'waiting' } },
  gone: { label: 'Gone', query: { state: 'gone' } },
};

/** Asks for watched tags page by page. */
export function useTags() {
  const { search, registry, show, sort } = useTagQuery();
  const query = { search, registry, sort, ...(SHOWN[show]?.query ?? {}), limit: PAGE_SIZE };
  return useInfiniteQuery<WatchedTagPage, Error, { pages: WatchedTagPage[] }, unknown[], string | undefined>({
    queryKey: ['/api/registries/tags', query],
    queryFn: ({ pageParam, signal }) =>
      fetchRoute('/api/registries/tags', { query: { ...query, cursor: pageParam } }, signal),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: REFRESH,
  });
}
