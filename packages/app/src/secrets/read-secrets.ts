import { identityOf } from '@breakwater/engine/identity';
import { workloadsOf } from '@breakwater/engine/inventory';
import { waysToNode } from '@breakwater/engine/risk';
import { recipeSecretsIn, secretReport } from '@breakwater/engine/secrets/estate';
import type { Dockerfile, SecretReport, WrittenSecret } from '@breakwater/model';
import { type ReadEstateOptions, readEstate } from '../estate/read-estate.ts';
import { secretsInTexts } from './secrets-in-texts.ts';

/** Reads manifests and live clusters and tells everything about the secrets in them. `now` is the moment, ISO 8601. */
export async function readSecrets(
  paths: string[],
  now: string,
  options: ReadEstateOptions = {},
): Promise<SecretReport> {
  const reading = await readEstate(paths, { ...options, events: false });
  const { objects } = reading;
  const { workloads, unknowns } = workloadsOf(objects);
  const identity = identityOf(objects, workloads);
  const texts = await secretsInTexts(
    paths.filter((path) => !path.startsWith('cluster:')),
    objects,
    options.signal,
  );
  const report = secretReport({
    objects,
    workloads,
    identity,
    waysToNode: waysToNode(objects, workloads),
    texts: withRecipes(texts.written, reading.dockerfiles),
    now,
    unknowns: [...reading.unknowns, ...unknowns, ...identity.unknowns, ...texts.unknowns],
  });
  return await withLines(report);
}

/** Lines for the places of plain secrets. */
async function withLines(report: SecretReport): Promise<SecretReport> {
  const { locatePlaces } = await import('@breakwater/sources/manifests');
  const all = [...report.secrets.flatMap(({ written }) => written), ...report.written];
  const places = await locatePlaces(all.map(({ place }) => place));
  const located = new Map(all.map((one, at) => [one, { ...one, place: places[at]! }]));
  return {
    ...report,
    secrets: report.secrets.map((secret) => ({ ...secret, written: secret.written.map((one) => located.get(one)!) })),
    written: report.written.map((one) => located.get(one)!),
  };
}

/** What recipes copy and set is told of them, unless their text told it already. */
function withRecipes(texts: readonly WrittenSecret[], recipes: readonly Dockerfile[]): WrittenSecret[] {
  const known = new Set(texts.map(({ fingerprint, place }) => `${place.source} ${fingerprint}`));
  const found = recipes.flatMap((recipe) =>
    recipeSecretsIn(recipe)
      .filter(({ fingerprint }) => !known.has(`${recipe.path} ${fingerprint}`))
      .map(
        ({ rule, name, line, fingerprint }): WrittenSecret => ({
          rule,
          subject: recipe.path,
          where: 'file',
          name,
          fingerprint,
          place: { source: recipe.path, line },
        }),
      ),
  );
  return [...texts, ...found];
}
