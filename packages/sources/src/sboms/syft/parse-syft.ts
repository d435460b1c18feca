import type { Layer, Unknown } from '@breakwater/model';
import { type Bill, type BillEntry, type BillSubject, MOST_ENTRIES, noSubject } from '../bill/bill.ts';
import { describedImage } from '../bill/described-image.ts';
import { arrayOf, cleanText, objectOf, parseObject, textsOf } from '../bill/fields.ts';
import { artifactOf } from './artifact.ts';

type Fields = Record<string, unknown>;

/** Reads Syft's own JSON, of any version of its schema, in the form that all formats share. */
export function syftBill(document: Fields, source: string): Bill {
  const unknowns: Unknown[] = [];
  const list = arrayOf(document['artifacts']);
  if (list.length > MOST_ENTRIES) {
    const message = `Packages beyond the first ${MOST_ENTRIES} were not read`;
    unknowns.push({ code: 'sbom-too-large', message, place: { source, pointer: ['artifacts', MOST_ENTRIES] } });
  }
  const entries = list.slice(0, MOST_ENTRIES).flatMap((value, index): BillEntry[] => {
    const pointer = ['artifacts', index];
    const entry = artifactOf(value, pointer);
    if (!entry)
      unknowns.push({ code: 'component-invalid', message: 'Package has no name', place: { source, pointer } });
    return entry ? [entry] : [];
  });
  const distro = objectOf(document['distro']);
  const name = cleanText(distro?.['id']) || cleanText(distro?.['name']);
  return {
    subject: subjectOf(objectOf(document['source'])),
    ...(name && { system: { name, ...versionOf(distro) } }),
    entries,
    ...relationsOf(document['artifactRelationships']),
    groups: new Map(),
    unknowns,
  };
}

function versionOf(distro: Fields | undefined): { version: string; codename?: string; title?: string } {
  const codename = cleanText(distro?.['versionCodename']);
  const title = cleanText(distro?.['prettyName']);
  return {
    version: cleanText(distro?.['versionID']) || cleanText(distro?.['version']),
    ...(codename && { codename }),
    ...(title && { title }),
  };
}

/** The image, by `target` of older schemas or `metadata` of newer ones. */
function subjectOf(source: Fields | undefined): BillSubject {
  const image = objectOf(source?.['target']) ?? objectOf(source?.['metadata']);
  if (cleanText(source?.['type']) !== 'image' || !image) return noSubject();
  const layers = arrayOf(image['layers']).map((layer) => cleanText(objectOf(layer)?.['digest']));
  const config = parseObject(Buffer.from(cleanText(image['config']), 'base64').toString('utf8'));
  const described = describedImage({
    references: [...textsOf(image['tags']), ...textsOf(image['repoDigests']), cleanText(image['userInput'])],
    manifests: [cleanText(image['manifestDigest']), ...textsOf(image['repoDigests'])],
    layers,
  });
  const id = cleanText(image['imageID']);
  const os = cleanText(image['os']) || cleanText(config?.['os']);
  const architecture = cleanText(image['architecture']) || cleanText(config?.['architecture']);
  return {
    ...described,
    layers: withSteps(described.layers, arrayOf(image['layers']), config),
    ...(/^sha256:[0-9a-f]{64}$/.test(id) && { id }),
    ...(os && architecture && { platform: { os, architecture } }),
    isImage: true,
    isOwn: false,
  };
}

/** Layers with their sizes, and the Dockerfile steps that the image's config tells. */
function withSteps(layers: readonly Layer[], stated: readonly unknown[], config: Fields | undefined): Layer[] {
  const sizes = stated.map((layer) => objectOf(layer)?.['size']);
  const steps = arrayOf(config?.['history'])
    .map(objectOf)
    .filter((step) => step?.['empty_layer'] !== true)
    .map((step) => cleanText(step?.['created_by']).slice(0, 4096));
  const isWhole = layers.length === stated.length;
  return layers.map((layer, index) => {
    const size = isWhole ? sizes[index] : 0;
    const createdBy = steps.length === layers.length ? steps[index] : undefined;
    return {
      ...layer,
      size: Number.isSafeInteger(size) && (size as number) > 0 ? (size as number) : 0,
      ...(createdBy && { createdBy }),
    };
  });
}

/** `parent` is what is needed (dependency-of), holds (contains) or installed (ownership-by-file-overlap) the child. */
function relationsOf(value: unknown): Pick<Bill, 'dependencies' | 'owners'> {
  const dependencies = new Map<string, string[]>();
  const owners = new Map<string, string>();
  for (const item of arrayOf(value)) {
    const fields = objectOf(item);
    const parent = cleanText(fields?.['parent']);
    const child = cleanText(fields?.['child']);
    const type = cleanText(fields?.['type']);
    if (type === 'ownership-by-file-overlap') owners.set(child, parent);
    if (type !== 'dependency-of') continue;
    const needed = dependencies.get(child);
    if (needed) needed.push(parent);
    else dependencies.set(child, [parent]);
  }
  return { dependencies, owners };
}
