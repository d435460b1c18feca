import { type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Answer, fetchRoute, type Route, type RouteInput } from './fetch-route.ts';
import type { Scope } from './scope.ts';

/** Rows that one page of a list brings. */
const PAGE_SIZE = 50;

/** Lists that come in pages by cursor. */
type ListRoute = '/api/workloads' | '/api/images' | '/api/findings';

/** Asks a route and keeps the answer under its address. */
export function useRoute<R extends Route>(route: R, input: RouteInput = {}, enabled = true) {
  return useQuery<Answer<R>>({
    queryKey: [route, input],
    queryFn: ({ signal }) => fetchRoute(route, input, signal),
    enabled,
  });
}

/** What narrows a list: the scope, and words to look for. */
export interface ListFilter extends Scope {
  search?: string | undefined;
}

/** Asks a list page by page; `fetchNextPage` brings the next. */
export function useList<R extends ListRoute>(route: R, filter: ListFilter, enabled = true) {
  const query = { cluster: filter.cluster, namespace: filter.namespace, search: filter.search, limit: PAGE_SIZE };
  return useInfiniteQuery({
    queryKey: [route, 'pages', query],
    queryFn: ({ pageParam, signal }) =>
      fetchRoute(route, { query: { ...query, cursor: pageParam } }, signal) as Promise<Answer<R>>,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor,
    enabled,
  });
}

/** Fetches a story before it is opened, so that Enter shows it at once. */
export function usePrefetch() {
  const client: QueryClient = useQueryClient();
  return <R extends Route>(route: R, input: RouteInput) => {
    void client.prefetchQuery({
      queryKey: [route, input],
      queryFn: ({ signal }) => fetchRoute(route, input, signal),
      staleTime: 30_000,
    });
  };
}
