import type { Image, ImageConfig } from '@breakwater/model';
import { type Json, list, object, text } from './json.ts';

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

function texts(value: unknown): string[] {
  return list(value).flatMap((item) => text(item) ?? []);
}
