import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';

/** How to speak to an API server as a kubeconfig's current user. */
export interface Access {
  kubeconfig: string;
  url: string;
  /** Certificate authority, PEM. */
  authority: string;
  tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;
  authorization: string | undefined;
}

/** Reads it by the client library, so that whatever a kubeconfig says holds. */
export async function readAccess(kubeconfig: string): Promise<Access> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${kubeconfig} names no current cluster`);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, rejectUnauthorized, headers } = options;
  const authority = cluster.caData
    ? Buffer.from(cluster.caData, 'base64').toString('utf8')
    : cluster.caFile
      ? readFileSync(cluster.caFile, 'utf8')
      : '';
  const authorization = (headers as Record<string, string> | undefined)?.['Authorization'];
  const tls = {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
  return { kubeconfig, url: cluster.server, authority, tls, authorization };
}
