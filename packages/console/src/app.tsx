import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Route, Switch } from 'wouter';
import { RequestError } from './client/fetch-route.ts';
import { useRoute } from './client/queries.ts';
import { Frame } from './frame/frame.tsx';
import { Later, LaterPart } from './frame/later.tsx';
import InboxPage from './inbox/inbox-page.tsx';
import { SignedOut } from './states/signed-out.tsx';
import { PageSkeleton } from './states/states.tsx';
import { mantineTheme, themeChoice } from './theme.ts';

const workload = new LaterPart(() => import('./workload/workload-page.tsx'));
const inventory = new LaterPart(() => import('./inventory/inventory-page.tsx'));
const image = new LaterPart(() => import('./image/image-page.tsx'));
const finding = new LaterPart(() => import('./finding/finding-page.tsx'));
const fix = new LaterPart(() => import('./fix/fix-page.tsx'));
const questions = new LaterPart(() => import('./questions/questions-page.tsx'));
const map = new LaterPart(() => import('./map/map-page.tsx'));
const policies = new LaterPart(() => import('./policies/policies-page.tsx'));
const admission = new LaterPart(() => import('./admission/admission-page.tsx'));
const incidents = new LaterPart(() => import('./incidents/incidents-page.tsx'));
const incident = new LaterPart(() => import('./incidents/incident-page.tsx'));
const profile = new LaterPart(() => import('./behaviour/profile-page.tsx'));
const releases = new LaterPart(() => import('./behaviour/release-page.tsx'));
const settings = new LaterPart(() => import('./settings/settings-page.tsx'));
const notFound = new LaterPart(() => import('./states/not-found-page.tsx'));

const PAGES: readonly [string, LaterPart<object>][] = [
  ['/workloads/:id', workload],
  ['/inventory', inventory],
  ['/images/:id', image],
  ['/findings/:key', finding],
  ['/fixes/:n', fix],
  ['/questions', questions],
  ['/map', map],
  ['/policies', policies],
  ['/policies/admission', admission],
  // Where denials lead that no policy gave.
  ['/admission', admission],
  ['/incidents', incidents],
  ['/incidents/:id', incident],
  ['/behaviour/:subject', profile],
  ['/releases/:subject', releases],
  ['/settings', settings],
];

/** When the page that is most often opened next is fetched, in milliseconds after the first. */
const WARM_AFTER = 1500;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && error instanceof RequestError && [0, 502, 503].includes(error.status),
    },
  },
});

/**
 * The console. Mantine writes no style element (variables and classes are static files), so that the server's content
 * security policy can refuse them.
 */
export function App() {
  return (
    <MantineProvider
      theme={mantineTheme}
      colorSchemeManager={themeChoice}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={client}>
        <Door />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Lets in who has a session; anyone else learns how to come in. */
function Door() {
  const { error } = useRoute('/api/status');
  useEffect(() => {
    // Where it cannot be fetched now, it is when it is opened.
    const soon = setTimeout(() => void workload.warm().catch(() => undefined), WARM_AFTER);
    return () => clearTimeout(soon);
  }, []);
  if (error instanceof RequestError && (error.status === 401 || error.status === 403)) return <SignedOut />;
  return (
    <Frame>
      <Switch>
        <Route path="/" component={InboxPage} />
        {PAGES.map(([path, part]) => (
          <Route key={path} path={path}>
            <Later part={part} props={{}} fallback={<PageSkeleton />} />
          </Route>
        ))}
        <Route>
          <Later part={notFound} props={{}} fallback={<PageSkeleton />} />
        </Route>
      </Switch>
    </Frame>
  );
}
