import { linesOf } from '../read-text.ts';

/** What the specification of an installed gem says. Name and version are empty where it does not. */
export interface Gemspec {
  name: string;
  version: string;
  licences: string[];
}

const OPENING = /Gem::Specification\.new do \|(\w{1,64})\|/;
const TEXT = /^(?:"([^"\\]*)"|'([^'\\]*)'|%q<([^>]*)>)/;
const LONGEST_LICENCE = 512;

/**
 * Reads the assignments of texts that RubyGems writes into `specifications/NAME-VERSION.gemspec`. Ruby code is never
 * run: a field that is computed is not known.
 */
export function parseGemspec(text: string): Gemspec {
  const gemspec: Gemspec = { name: '', version: '', licences: [] };
  const variable = OPENING.exec(text)?.[1];
  if (variable === undefined) return gemspec;
  for (const raw of linesOf(text)) {
    const line = raw.trim();
    if (!line.startsWith(`${variable}.`)) continue;
    const equals = line.indexOf('=');
    const value = line.slice(equals + 1).trim();
    switch (line.slice(variable.length + 1, equals).trim()) {
      case 'name':
        gemspec.name ||= textOf(value);
        break;
      case 'version':
        gemspec.version ||= textOf(value);
        break;
      case 'license':
        gemspec.licences = [textOf(value)];
        break;
      case 'licenses':
        gemspec.licences = value.startsWith('[') ? textsOf(value) : [];
    }
  }
  gemspec.licences = gemspec.licences.filter((licence) => licence !== '' && licence.length < LONGEST_LICENCE);
  return gemspec;
}

function textOf(value: string): string {
  const [, double, single, percent] = TEXT.exec(value) ?? [];
  return double ?? single ?? percent ?? '';
}

function textsOf(list: string): string[] {
  return [...list.matchAll(/"([^"\\]*)"|'([^'\\]*)'/g)].map(([, double, single]) => double ?? single ?? '');
}
