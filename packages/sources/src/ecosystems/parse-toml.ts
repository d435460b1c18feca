import { createRequire } from 'node:module';
import type { EcosystemContext, Inventory, PackageFile } from './ecosystem.ts';
import { type Fields, readText, reportUnreadable } from './read-text.ts';

/* Few targets hold a TOML file: its reader is loaded with the first of them. */
const require = createRequire(import.meta.url);

/** A package file as a TOML document (1.1); undefined, and an unknown, where it is none. */
export function readToml(file: PackageFile, context: EcosystemContext, inventory: Inventory): Fields | undefined {
  return readTomlText(file, context, inventory)?.content;
}

/** A package file as a TOML document with its text, in which lines are found; undefined, and an unknown, where it is none. */
export function readTomlText(
  file: PackageFile,
  context: EcosystemContext,
  inventory: Inventory,
): { content: Fields; text: string } | undefined {
  const text = readText(file, context, inventory);
  if (text === undefined) return undefined;
  const { parse } = require('smol-toml') as typeof import('smol-toml');
  try {
    return { content: parse(text, { maxDepth: 64, integersAsBigInt: 'asNeeded' }) as Fields, text };
  } catch {
    reportUnreadable(file, 'is no TOML document', context, inventory);
    return undefined;
  }
}
