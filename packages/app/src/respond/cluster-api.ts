import type { ClusterApi } from '@breakwater/outputs/responses';
import { ClusterError, findContext, type KubeconfigOptions, openClient } from '@breakwater/sources/clusters';

/** The API server of a context, for responses: an answer that refuses is one too. `close` ends its connections. */
export async function openClusterApi(
  context: string,
  options: KubeconfigOptions = {},
): Promise<ClusterApi & { close(): void }> {
  const client = openClient(await findContext(context, options));
  return {
    name: client.name,
    async ask(method, path, body, contentType) {
      try {
        return { status: 200, body: await client.change(method, path, body, { contentType }) };
      } catch (error) {
        if (!(error instanceof ClusterError) || error.status === 0) throw error;
        return { status: error.status, body: { message: error.message } };
      }
    },
    close: () => client.close(),
  };
}
