import type { Image, ImageConfig, Layer } from '@breakwater/model';
import { type Json, list, object, text } from './json.ts';

const LONGEST_STEP = 4096;

/** The run-time part of an image's config. Values of environment variables are left behind: they may be secrets. */
export function describeConfig(document: Json): ImageConfig {
  const config = object(document['config']);
  const user = text(config['User']);
  const workingDirectory = text(config['WorkingDir']);
  const created = text(document['created']);
  return {
    ...(user !== undefined && { user }),
    entrypoint: texts(config['Entrypoint']),
    command: texts(config['Cmd']),
    ...(workingDirectory && { workingDirectory }),
    exposedPorts: Object.keys(object(config['ExposedPorts'])),
    environment: texts(config['Env']).map((variable) => variable.split('=', 1)[0]!),
    labels: Object.fromEntries(
      Object.entries(object(config['Labels'])).flatMap(([key, value]) => {
        const label = text(value);
        return label === undefined || key === '__proto__' ? [] : [[key, label]];
      }),
    ),
    ...(created !== undefined && { created }),
  };
}

/** The platform of a config, where it names one. */
export function describePlatform(document: Json): Image['platform'] {
  const os = text(document['os']);
  const architecture = text(document['architecture']);
  const variant = text(document['variant']);
  if (!os || !architecture) return undefined;
  return { os, architecture, ...(variant && { variant }) };
}

/** The Dockerfile step of each layer: steps of the history that made none (`empty_layer`) are passed over. */
export function stepsOfLayers(document: Json): Layer['createdBy'][] {
  return list(document['history'])
    .map(object)
    .filter((step) => step['empty_layer'] !== true)
    .map((step) => text(step['created_by'])?.slice(0, LONGEST_STEP));
}

function texts(value: unknown): string[] {
  return list(value).flatMap((item) => text(item) ?? []);
}
