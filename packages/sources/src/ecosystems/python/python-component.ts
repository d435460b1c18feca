import type { Component } from '@breakwater/model';
import { type LanguagePackage, languageComponent } from '../language-component.ts';

/** What distributions are called (PEP 508, "Names"). */
export const PYTHON_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** The one spelling of a name under which it is looked up (PEP 503): `Backports.SSL_match` is `backports-ssl-match`. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The component of a Python distribution: named as it names itself, its purl with the normalized name. */
export function pythonComponent(item: LanguagePackage): Component {
  return languageComponent('pypi', item, normalizeName(item.name));
}
