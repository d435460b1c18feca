import type { Component } from '@breakwater/model';
import type { EcosystemContext, Inventory } from '../ecosystem.ts';
import type { LanguagePackage } from '../language-component.ts';
import { LockedPackages } from '../locked-packages.ts';
import { purlComponent } from '../purl-component.ts';
import { pythonComponent } from '../python/python-component.ts';
import { linesOf } from '../read-text.ts';

/** `conda-forge::numpy=1.26.4=py311_0`, `libgomp 13.2.0 hf8544c7_5`, `blas==1.0`, `libblas>=3.9`. */
const CONDA =
  /^(?:[\w.-]{1,255}::)?([A-Za-z0-9_][\w.-]{0,254})(?:\s{0,16}(?:==?|\s)\s{0,16}([\w.!+-]{1,255}))?(?=[\s=<>!|,[*~(]|$)(.{0,512})$/;
const PIP =
  /^([A-Za-z0-9][\w.-]{0,254})(?:\[[^\]]{0,255}\])?\s{0,16}(?:===?\s{0,16}([\w.!+-]{1,255}))?(?=[\s;<>!~,#@=*.]|$)/;
const NUMBER = /^[\d.]+$/;
const LISTED = /^( *)- (.*)$/;

/**
 * Reads `dependencies` of an environment file: packages of conda, and below `- pip:` those of PyPI. Whether the file is
 * a document with fields at all; other tools have files of this name too, so that one without the list holds nothing.
 */
export function readEnvironment(path: string, text: string, context: EcosystemContext, inventory: Inventory): boolean {
  const conda = new LockedPackages((item: LanguagePackage): Component => purlComponent('conda', item), /^[\w.-]+$/);
  const pip = new LockedPackages(pythonComponent, /^[\w.-]+$/);
  let isDocument = false;
  let isInside = false;
  let nested: { indent: number; isPip: boolean } | undefined;
  let number = 0;
  for (const raw of linesOf(text)) {
    number += 1;
    const line = raw.trimEnd();
    if (line === '' || /^\s*#/.test(line)) continue;
    const [, blanks = '', content = ''] = LISTED.exec(line) ?? [];
    if (content === '') {
      const isField = /^[\w-]{1,64}:/.test(line);
      isDocument ||= isField;
      if (isField) isInside = line.startsWith('dependencies:');
      else if (isInside) conda.skip(number);
      nested = undefined;
    } else if (isInside) {
      if (nested !== undefined && blanks.length <= nested.indent) nested = undefined;
      const item = unquote(beforeComment(content));
      if (item.endsWith(':')) {
        const isPip = nested === undefined && item === 'pip:';
        if (!isPip) conda.skip(number);
        nested = { indent: blanks.length, isPip };
      } else if (nested === undefined) addConda(item, number, conda);
      else if (nested.isPip) addPip(item, number, pip);
    }
  }
  conda.finish(path, context, inventory);
  pip.finish(path, context, inventory);
  return isDocument;
}

function addConda(item: string, line: number, locked: LockedPackages): void {
  const [, name, version = ''] = CONDA.exec(item) ?? [];
  if (name === undefined || NUMBER.test(item)) locked.skip(line);
  // `2.40.*` and `13.2|13.3` are more than one version: which was installed is not known.
  else locked.add(name, isOne(item, version) ? version : '', { line });
}

function isOne(item: string, version: string): boolean {
  const rest = item.slice(item.indexOf(version) + version.length);
  return !/[*|,<>]/.test(rest.split(/[=\s]/)[0]!) && !version.endsWith('.');
}

/** `-r file`, options and addresses are no packages that are named. */
function addPip(item: string, line: number, locked: LockedPackages): void {
  const [, name, version = ''] = PIP.exec(item) ?? [];
  if (name === undefined) locked.skip(line);
  else locked.add(name, version.endsWith('.') ? '' : version, { line });
}

function beforeComment(text: string): string {
  const at = text.indexOf(' #');
  return at === -1 ? text : text.slice(0, at);
}

function unquote(text: string): string {
  return /^(["'])(.*)\1$/.exec(text.trim())?.[2]?.trim() ?? text.trim();
}
