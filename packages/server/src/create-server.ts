import type { AssessmentView } from '@breakwater/app/assessment';
import { withKnownImages } from '@breakwater/app/registries';
import type { Progress, Status, Unknown } from '@breakwater/model';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';
import type { EventsAnswer, EventsRequest } from './ingest/index.ts';
import { answerProblem } from './problem.ts';
import type { ProgressFeed } from './progress.ts';
import { addActionRoute } from './routes/act.ts';
import { ADMISSION_ROUTES, type AdmissionService } from './routes/admission.ts';
import { NO_PROFILES, PROFILE_ACTIONS, PROFILE_ROUTES, type ProfileService } from './routes/behaviour.ts';
import { CLUSTER_ROUTES, type ClusterService } from './routes/clusters.ts';
import { addConsole } from './routes/console-files.ts';
import { addEventsRoute } from './routes/events.ts';
import { INCIDENT_ACTIONS, INCIDENT_ROUTES, type IncidentService, NO_INCIDENTS } from './routes/incidents.ts';
import { openApiDocument } from './routes/openapi.ts';
import { READ_ROUTES, type ReadRoute, STATUS_ROUTE } from './routes/read.ts';
import { addLookRoute, addNotificationRoute, REGISTRY_ROUTES, type RegistryService } from './routes/registries.ts';
import { addSignIn } from './routes/sign-in.ts';
import { NO_VIEWS, VIEW_ROUTES, type ViewService } from './routes/views.ts';
import { requireLoopbackHost, requireSession } from './security/guard.ts';
import { securityHeaders } from './security/headers.ts';
import type { Sessions } from './security/sessions.ts';

export interface ServerOptions {
  view: AssessmentView;
  /** What is known of registries. */
  registries: RegistryService;
  /** What is known of live clusters; none where nothing follows any. */
  clusters?: ClusterService;
  /** What admission decided; nothing where none keeps its decisions here. */
  admission?: AdmissionService;
  /** Views of the estate as a whole. */
  views?: ViewService;
  /** How containers behave. */
  profiles?: ProfileService;
  /** What went on that was not to be expected. */
  incidents?: IncidentService;
  sessions: Sessions;
  progress: ProgressFeed;
  status(): Promise<Status>;
  /** Takes the body of a request that carries runtime events. */
  takeEvents(body: string, sender: string): Promise<{ accepted: number; unknowns: Unknown[] }>;
  /** Answers requests with events that come with a sensor's key; absent where ingest runs elsewhere. */
  answerEvents?(request: EventsRequest): Promise<EventsAnswer>;
  /** Reads the estate again when its files changed, and says whether they did. */
  readIfChanged(): Promise<boolean>;
  /** Folder of the built console. */
  consoleFolder: string;
  version: string;
}

/** Milliseconds between comments on an idle progress stream, so that proxies and browsers keep it open. */
const HEARTBEAT = 15_000;

/** Bytes of one request with events. */
const EVENT_BODY = 8 * 1024 * 1024;

/** The HTTP API and the console as one fetch handler: no port is needed to test it. */
export function createServer(options: ServerOptions): Hono {
  const app = new Hono();
  const view = withKnownImages(options.view, options.registries.view);
  app.onError(answerProblem);
  app.notFound((context) =>
    answerProblem(new HTTPException(404, { message: 'There is nothing at this address.' }), context),
  );
  app.use(requireLoopbackHost);
  app.use(securityHeaders);
  app.get('/healthz', (context) => context.text('ok'));
  addSignIn(app, options.sessions);
  addNotificationRoute(app, options.registries);
  addEventsRoute(app, options.answerEvents);
  app.use('/api/*', requireSession(options.sessions));
  app.use('/api/*', async (context, next) => {
    await next();
    context.header('Cache-Control', 'no-store');
  });
  app.get('/openapi.json', (context) => context.json(openApiDocument(options.version)));
  for (const route of READ_ROUTES) addReadRoute(app, route, view);
  for (const route of REGISTRY_ROUTES) addReadRoute(app, route, options.registries);
  const clusters = options.clusters ?? { list: () => ({ items: [] }) };
  for (const route of CLUSTER_ROUTES) addReadRoute(app, route, clusters);
  const admission = options.admission ?? { view: async () => ({ decisions: [] }) };
  for (const route of ADMISSION_ROUTES) addReadRoute(app, route, admission);
  for (const route of VIEW_ROUTES) addReadRoute(app, route, options.views ?? NO_VIEWS);
  const { profiles = NO_PROFILES, incidents = NO_INCIDENTS } = options;
  for (const route of PROFILE_ROUTES) addReadRoute(app, route, profiles);
  for (const route of PROFILE_ACTIONS) addActionRoute(app, route, profiles);
  for (const route of INCIDENT_ROUTES) addReadRoute(app, route, incidents);
  for (const route of INCIDENT_ACTIONS) addActionRoute(app, route, incidents);
  addLookRoute(app, options.registries);
  app.get(STATUS_ROUTE.path, async (context) => context.json(await options.status()));
  app.post('/api/events', bodyLimit({ maxSize: EVENT_BODY, onError: refuseBody }), async (context) =>
    context.json(await options.takeEvents(await context.req.text(), 'POST /api/events'), 202),
  );
  app.post('/api/read', async (context) => context.json({ changed: await options.readIfChanged() }));
  app.get('/api/progress', (context) => streamSSE(context, (stream) => streamProgress(stream, options.progress)));
  app.get('/api/*', () => {
    throw new HTTPException(404, { message: 'The API has no such route.' });
  });
  addConsole(app, options.consoleFolder);
  return app;
}

function addReadRoute<Source>(app: Hono, route: ReadRoute<Source>, source: Source): void {
  app.get(route.path.replace(/\{(\w+)\}/g, ':$1'), async (context) => {
    const parsed = route.query?.safeParse(context.req.query());
    if (parsed?.success === false) {
      throw new HTTPException(400, {
        message: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      });
    }
    const answer = await route.answer(source, {
      parameters: context.req.param() as Record<string, string>,
      query: parsed?.data,
    });
    return context.json(answer as object);
  });
}

function refuseBody(): never {
  throw new HTTPException(413, { message: 'A request may carry 8 MiB of events. Send them in parts.' });
}

interface EventStream {
  writeSSE(message: { data: string; id: string }): Promise<void>;
  write(text: string): Promise<unknown>;
  onAbort(listener: () => void): void;
}

async function streamProgress(stream: EventStream, feed: ProgressFeed): Promise<void> {
  const send = (progress: Progress) =>
    stream.writeSSE({ data: JSON.stringify(progress), id: String(progress.sequence) });
  await send(feed.current());
  await new Promise<void>((resolve) => {
    const stop = feed.listen((progress) => void send(progress));
    const heartbeat = setInterval(() => void stream.write(': still here\n\n'), HEARTBEAT);
    stream.onAbort(() => {
      stop();
      clearInterval(heartbeat);
      resolve();
    });
  });
}
