import { z } from 'zod';
import type { ChosenKind } from './choose-kinds.ts';
import { AnswerTooLarge, type ClusterClient, notAnApi } from './cluster-client.ts';
import { ClusterError } from './cluster-error.ts';
import { nameOf, pathOf } from './resource-kinds.ts';

const Page = z.object({
  metadata: z.object({ continue: z.string().optional(), resourceVersion: z.string().optional() }).default({}),
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
});

/** Sizes of pages: the next when an answer of the one before would be too large. */
const SIZES = [500, 50, 5, 1];
/** Times that a list is begun anew because its pages ran out, before the trouble is told. */
const BEGINNINGS = 3;

const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
export const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/**
 * Lists all objects of a kind, a page at a time, from one moment. `onPage` is called with each page; where the server
 * has forgotten that moment before the last page (410), `onRestart` is called and the list begins anew. Pages shrink
 * where objects are large. Gives the version from which a watch goes on.
 */
export async function listObjects(
  client: ClusterClient,
  kind: ChosenKind,
  {
    namespace,
    signal,
    onPage,
    onRestart,
    largest,
  }: {
    namespace?: string | undefined;
    signal?: AbortSignal | undefined;
    onPage(items: unknown[]): void;
    onRestart(): void;
    largest?: number;
  },
): Promise<string> {
  let beginnings = 1;
  let size = 0;
  let token = '';
  for (;;) {
    const query = new URLSearchParams({ limit: String(SIZES[size]) });
    if (token !== '') query.set('continue', token);
    if (kind.fieldSelector) query.set('fieldSelector', kind.fieldSelector);
    try {
      const answer = await client.get(`${pathOf(kind, namespace)}?${query}`, {
        ...(kind.content === 'metadata' ? { accept: METADATA_LIST } : {}),
        ...(largest ? { largest } : {}),
        signal,
      });
      const page = Page.safeParse(answer);
      if (!page.success) throw notAnApi(client.name, client.server, page.error);
      onPage(page.data.items);
      token = page.data.metadata.continue ?? '';
      if (token === '') return page.data.metadata.resourceVersion ?? '';
    } catch (error) {
      if (error instanceof AnswerTooLarge && size < SIZES.length - 1) {
        size += 1;
      } else if (error instanceof ClusterError && error.status === 410 && token !== '' && beginnings < BEGINNINGS) {
        beginnings += 1;
        token = '';
        onRestart();
      } else {
        throw error instanceof AnswerTooLarge ? tooLarge(kind, error) : error;
      }
    }
  }
}

function tooLarge(kind: ChosenKind, cause: AnswerTooLarge): ClusterError {
  return new ClusterError(`An object of ${nameOf(kind)} is larger than what is read: ${cause.message}.`, {
    status: 413,
    cause,
  });
}
