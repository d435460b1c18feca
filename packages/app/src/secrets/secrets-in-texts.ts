import { findSecrets } from '@breakwater/engine/secrets';
import { fingerprintsIn } from '@breakwater/engine/secrets/estate';
import type { ManifestObject, Unknown, WrittenSecret } from '@breakwater/model';
import { findFiles, readFileBounded } from '@breakwater/sources/manifests';

/** What Secrets of the same file are told of by themselves, written in another way. */
const OF_SECRETS = ['kubernetes-secret', 'private-key'];

/**
 * Plain secrets in the files themselves: values of charts, variables of Compose, Dockerfiles, patches, settings of other
 * tools. Nothing is parsed: a text is looked through once, line by line. What an object of the same file tells is left out.
 */
export async function secretsInTexts(
  paths: string[],
  objects: readonly ManifestObject[],
  signal?: AbortSignal,
): Promise<{ written: WrittenSecret[]; unknowns: Unknown[] }> {
  const { files } = await findFiles(paths, { signal });
  const ofObjects = Map.groupBy(objects, ({ place }) => place.source);
  const written: WrittenSecret[] = [];
  const unknowns: Unknown[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    const bytes = readFileBounded(file);
    if (!Buffer.isBuffer(bytes)) {
      unknowns.push(bytes);
      continue;
    }
    const own = ofObjects.get(file.source) ?? [];
    const known = new Set(own.flatMap(fingerprintsIn));
    const holdsSecrets = own.some(({ kind, apiVersion }) => kind === 'Secret' && apiVersion === 'v1');
    for (const { rule, startLine, fingerprint, name } of findSecrets(bytes.toString('utf8'), { path: file.source }))
      if (!known.has(fingerprint) && !(holdsSecrets && OF_SECRETS.includes(rule)))
        written.push({
          rule,
          subject: file.source,
          where: 'file',
          name: name ?? '',
          fingerprint,
          place: { source: file.source, line: startLine },
        });
  }
  return { written, unknowns };
}
