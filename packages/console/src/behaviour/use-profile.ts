import { useQuery } from '@tanstack/react-query';
import { fetchRoute } from '../client/fetch-route.ts';

/** Milliseconds between two looks: what is decided here is taken up a moment later, and more is learned meanwhile. */
const REFRESH = 5000;
/** Of a profile of many behaviours, which is megabytes. */
const REFRESH_LARGE = 30_000;
const LARGE = 1000;

/** What is known of how a container behaves, as it becomes known. */
export function useProfile(subject: string, container: string | undefined, enabled = true) {
  const input = { segments: { subject }, query: { container } };
  return useQuery({
    queryKey: ['/api/profiles/{subject}', input],
    queryFn: ({ signal }) => fetchRoute('/api/profiles/{subject}', input, signal),
    refetchInterval: ({ state }) => ((state.data?.behaviours.length ?? 0) > LARGE ? REFRESH_LARGE : REFRESH),
    enabled,
  });
}
