import { UpstreamError, UserError } from '@breakwater/model';
import { type Credentials, findCredentials } from './credentials.ts';
import { serverOf } from './reference.ts';
import { RegistryClient } from './registry-client.ts';
import { readTlsTrust } from './tls-trust.ts';
import { Transport } from './transport.ts';

/** How a registry is asked. */
export interface RegistryOptions {
  /** Instead of those that `docker login`, `podman login` or a credential helper kept. */
  credentials?: Credentials;
  /** Lets a registry that is not on this machine be asked over plain http, with the password where it wants one. */
  unsafePlainHttp?: boolean;
  /** Lets a registry send us to hosts in networks other than its own. */
  unsafeAllowPrivateAddresses?: boolean;
  /** Longest silence of a server, in milliseconds. Default 60,000. */
  silence?: number;
  /** Milliseconds before a failed request is made again; each further one waits twice as long. Default 500. */
  firstWait?: number;
}

/** How long is waited where nobody says. */
export const PATIENCE = { silence: 60_000, firstWait: 500 };

/**
 * A client for one repository of a registry, or for the list of its repositories, with the certificates and the login
 * that are kept for it; one that `pushes` may put something there. Asks nothing yet. Throws a `UserError` where what is kept cannot be read.
 */
export async function connectRegistry(
  { registry, repository }: { registry: string; repository?: string },
  options: RegistryOptions & { signal: AbortSignal; pushes?: boolean },
): Promise<RegistryClient> {
  const { signal, pushes = false, unsafePlainHttp = false, unsafeAllowPrivateAddresses = false } = options;
  const { silence, firstWait } = { ...PATIENCE, ...options };
  const server = serverOf(registry);
  const tls = await readTlsTrust(server);
  const transport = new Transport(server, tls, { signal, silence, firstWait, unsafeAllowPrivateAddresses });
  const credentials = options.credentials ?? (await findCredentials({ registry, repository }));
  return new RegistryClient(transport, { registry, repository, credentials, pushes, unsafePlainHttp });
}

/** Whatever went wrong while a registry was asked, as an error that says who failed and what to try. */
export function upstreamOf(error: unknown, registry: string): Error {
  if (error instanceof UserError || error instanceof UpstreamError) return error;
  const why = error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
  return new UpstreamError(`${registry} could not be read: ${why}`, {
    code: 'registry-unreachable',
    hint: /certificate|self.signed/i.test(why)
      ? 'name the authority of its certificate with SSL_CERT_FILE, or put it into certs.d'
      : 'check the name and the network, and try again',
    cause: error,
  });
}
