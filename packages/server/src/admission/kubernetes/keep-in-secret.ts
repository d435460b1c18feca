import { packCertificates, unpackCertificates } from '../certificates/keep-in-folder.ts';
import type { CertificateKeep } from '../certificates/serving-certificates.ts';
import type { ApiServer } from './api-server.ts';

const FIELD = 'certificates.json';

interface Secret {
  metadata?: { resourceVersion?: string };
  data?: Record<string, string>;
}

/**
 * Keeps certificates in a Secret that is there already, for several replicas: who comes second takes what the first one
 * wrote. Needs `get` and `update` on that one Secret.
 */
export function keepInSecret(server: ApiServer, namespace: string, name: string): CertificateKeep {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
  let last: Secret | undefined;
  return {
    async read() {
      const { status, body } = await server.ask('GET', path);
      if (status !== 200)
        throw new Error(`the Secret ${namespace}/${name} cannot be read: the API server says ${status}`);
      last = body as Secret;
      const packed = last.data?.[FIELD];
      return packed === undefined ? undefined : unpackCertificates(Buffer.from(packed, 'base64').toString('utf8'));
    },
    async write(kept) {
      const data = { ...last?.data, [FIELD]: Buffer.from(packCertificates(kept)).toString('base64') };
      const { status } = await server.ask('PUT', path, { ...last, data });
      if (status === 409) return false;
      if (status !== 200)
        throw new Error(`the Secret ${namespace}/${name} cannot be written: the API server says ${status}`);
      return true;
    },
  };
}
