import type { Component } from '@breakwater/model';
import { type LanguagePackage, languageComponent } from '../language-component.ts';

/** What npm packages are called: `ms`, `@babel/core`. Old names hold what new ones must not. */
export const NPM_NAME = /^(?:@[^/]+\/)?[^/@][^/]*$/;

/** The component of an npm package; its purl's namespace is the scope. */
export function npmComponent(item: LanguagePackage): Component {
  return languageComponent('npm', item);
}

/** Licences in the three forms npm has had: text, an object with `type`, a list of those. */
export function readLicences(...fields: unknown[]): string[] {
  return fields.flat().flatMap((field) => {
    const text = typeof field === 'object' && field !== null ? (field as { type?: unknown }).type : field;
    return typeof text === 'string' && text !== '' && text.length < 512 ? [text] : [];
  });
}
