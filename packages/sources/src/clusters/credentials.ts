import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import { UserError } from '@breakwater/model';
import type { KubeConfig } from '@kubernetes/client-node';
import { environmentProxy } from './environment-proxy.ts';
import { type ExecCredential, ExecPlugin, runExecPlugin } from './exec-credentials.ts';
import type { ClusterContext } from './kubeconfig.ts';

/** Proves who we are to a cluster, and knows whom we speak to. */
export interface Credentials {
  /** For each request: agent with TLS settings, and headers that must never be shown. */
  requestOptions(): Promise<RequestOptions>;
  /**
   * Forgets what was refused, so that the next request proves itself anew: once, however many requests were refused with
   * the same options at the same time.
   */
  renew(refused: RequestOptions): void;
  close(): void;
}

/** Milliseconds for which what was read of files and tokens holds: kubelets renew tokens in files within minutes. */
const HOLDS = 60_000;
/** Milliseconds before its end at which a credential is replaced. */
const MARGIN = 30_000;
/** Of all requests at once, watches apart. */
const CONNECTIONS = 256;

/** Credentials of a context, by the client library; plug-ins are run by us, with limits (see `runExecPlugin`). */
export function openCredentials(named: ClusterContext): Credentials {
  const context = withProxy(named);
  let held: Promise<{ options: RequestOptions; until: number }> | undefined;
  /** What requests are sent with now; undefined while it is renewed. */
  let current: RequestOptions | undefined;
  let given: ExecCredential | undefined;
  let agent: { key: string; agent: Agent } | undefined;
  /** Connections live on while what they were made with stays the same. */
  const agentFor = (options: AgentOptions): Agent => {
    const key = JSON.stringify(options);
    if (agent?.key === key) return agent.agent;
    agent?.agent.destroy();
    agent = { key, agent: new Agent({ ...options, keepAlive: true, maxSockets: CONNECTIONS, maxFreeSockets: 4 }) };
    return agent.agent;
  };
  const renewed = async () => {
    // A credential is used until it ends: plug-ins are slow, and some ask people.
    if (context.user.exec && (given === undefined || endOf(given) <= Date.now())) given = await runPlugin(context);
    const options = await signIn(context, given);
    if (!context.cluster.proxyUrl && !context.cluster.server.startsWith('http:')) {
      const { ca, cert, key, rejectUnauthorized, servername } = options;
      options.agent = agentFor({ ca, cert, key, rejectUnauthorized, servername });
    }
    current = options;
    return { options, until: Math.min(Date.now() + HOLDS, given ? endOf(given) : Number.POSITIVE_INFINITY) };
  };
  /** One renewal for all that ask meanwhile; one that failed is begun anew by the next. */
  const hold = () => {
    const begun = renewed();
    held = begun;
    begun.catch(() => {
      if (held === begun) held = undefined;
    });
    return begun;
  };
  return {
    async requestOptions() {
      const known = held;
      const { options, until } = await (known ?? hold());
      if (known === undefined || until > Date.now()) return options;
      if (held === known) held = undefined;
      return (await (held ?? hold())).options;
    },
    renew(refused) {
      if (refused !== current) return;
      current = undefined;
      held = undefined;
      given = undefined;
    },
    close: () => agent?.agent.destroy(),
  };
}

/** A proxy that the kubeconfig names counts before the environment's, as for kubectl. */
function withProxy(context: ClusterContext): ClusterContext {
  const proxyUrl = context.cluster.proxyUrl ?? environmentProxy(context.cluster.server);
  return proxyUrl ? { ...context, cluster: { ...context.cluster, proxyUrl } } : context;
}

function endOf({ expires }: ExecCredential): number {
  return expires === undefined ? Number.POSITIVE_INFINITY : expires - MARGIN;
}

async function runPlugin({ user, cluster, kubeconfig }: ClusterContext): Promise<ExecCredential> {
  const plugin = ExecPlugin.safeParse(user.exec);
  if (plugin.success) return await runExecPlugin(plugin.data, kubeconfig, cluster);
  throw new UserError(`User ${user.name} of ${kubeconfig} names a credential plug-in without a command.`, {
    code: 'kubeconfig-invalid',
  });
}

async function signIn(
  { name, cluster, user }: ClusterContext,
  given: ExecCredential | undefined,
): Promise<RequestOptions> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (given) config.addAuthenticator(authenticatorOf(given));
  config.loadFromOptions({
    clusters: [cluster],
    users: [given ? { ...user, exec: undefined, authProvider: { name: PLUGIN } } : user],
    contexts: [{ name, cluster: cluster.name, user: user.name }],
    currentContext: name,
  });
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw new UserError(`The kubeconfig's user ${user.name} cannot be used: ${(cause as Error).message}.`, {
      code: 'kubeconfig-invalid',
      hint: 'kubectl with this context says more.',
      cause,
    });
  }
  return given?.certificate
    ? { ...options, cert: given.certificate, ...(given.key ? { key: given.key } : {}) }
    : options;
}

/** Not the library's own name for plug-ins: it would run them itself. */
const PLUGIN = 'breakwater-exec';

type Authenticator = Parameters<KubeConfig['addAuthenticator']>[0];

function authenticatorOf({ token }: ExecCredential): Authenticator {
  return {
    isAuthProvider: (user) => user.authProvider?.name === PLUGIN,
    async applyAuthentication(_, options) {
      if (token !== undefined) options.headers = { ...options.headers, Authorization: `Bearer ${token}` };
    },
  };
}
