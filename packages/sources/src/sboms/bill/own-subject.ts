import type { Image, ImageConfig, Layer } from '@breakwater/model';
import { type BillEntry, type BillSubject, property } from './bill.ts';
import { arrayOf, cleanText, objectOf, parseObject, textsOf } from './fields.ts';

const EVIDENCE = ['annotation', 'label', 'history', 'known-image'] as const;
const CONFIDENCE = ['high', 'medium', 'low'] as const;

/** What only our own documents say of the image: its layers with their steps, its platform and its config. */
export function ownSubject(
  entry: Pick<BillEntry, 'properties'>,
): Pick<BillSubject, 'layers' | 'platform' | 'config' | 'fileCount' | 'base'> {
  const [os, architecture, variant] = property(entry, 'breakwater:image:platform')?.split('/', 3) ?? [];
  const config = parseObject(property(entry, 'breakwater:image:config') ?? '');
  const base = baseOf(parseObject(property(entry, 'breakwater:image:base') ?? ''));
  return {
    layers: (entry.properties.get('breakwater:image:layer') ?? []).flatMap(layerOf),
    fileCount: countOf(Number(property(entry, 'breakwater:image:files'))),
    ...(os && architecture && { platform: { os, architecture, ...(variant && { variant }) } }),
    ...(config && { config: configOf(config) }),
    ...(base && { base }),
  };
}

function baseOf(fields: Record<string, unknown> | undefined): Image['base'] {
  const evidence = EVIDENCE.find((known) => known === fields?.['evidence']);
  const confidence = CONFIDENCE.find((known) => known === fields?.['confidence']);
  const name = cleanText(fields?.['name']);
  const digest = cleanText(fields?.['digest']);
  const layers = countOf(fields?.['layers']);
  if (!evidence || !confidence) return undefined;
  return { ...(name && { name }), ...(digest && { digest }), ...(layers > 0 && { layers }), evidence, confidence };
}

function layerOf(text: string): Layer[] {
  const fields = parseObject(text);
  const diffId = cleanText(fields?.['diffId']);
  const digest = cleanText(fields?.['digest']);
  const createdBy = cleanText(fields?.['createdBy']);
  if (!fields || diffId === '') return [];
  return [{ diffId, size: countOf(fields['size']), ...(digest && { digest }), ...(createdBy && { createdBy }) }];
}

function configOf(fields: Record<string, unknown>): ImageConfig {
  const user = cleanText(fields['user']);
  const workingDirectory = cleanText(fields['workingDirectory']);
  const created = cleanText(fields['created']);
  const labels = Object.entries(objectOf(fields['labels']) ?? {}).flatMap(([key, value]) =>
    typeof value === 'string' && key !== '__proto__' ? [[key, value] as const] : [],
  );
  return {
    ...(user && { user }),
    entrypoint: argumentsOf(fields['entrypoint']),
    command: argumentsOf(fields['command']),
    ...(workingDirectory && { workingDirectory }),
    exposedPorts: textsOf(fields['exposedPorts']),
    environment: textsOf(fields['environment']),
    labels: Object.fromEntries(labels),
    ...(created && { created }),
  };
}

/** Arguments in their order, repeated and empty ones too. */
function argumentsOf(value: unknown): string[] {
  return arrayOf(value).filter((item) => typeof item === 'string');
}

function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
}
