import type { Component } from '@breakwater/model';
import { type LanguagePackage, languageComponent } from '../language-component.ts';
import { type Fields, listOf } from '../read-text.ts';

/** What Composer packages are called: `vendor/name`. */
export const COMPOSER_NAME = /^[A-Za-z0-9][\w.-]{0,254}\/[A-Za-z0-9][\w.-]{0,254}$/;

/** The component of a Composer package; its purl's namespace is the vendor, and it is in lower case (purl-spec). */
export function composerComponent(item: LanguagePackage): Component {
  return languageComponent('composer', item, item.name.toLowerCase());
}

/** The `license` list of a package. */
export function licencesOf(entry: Fields): string[] {
  return listOf(entry, 'license').filter(
    (item) => typeof item === 'string' && item !== '' && item.length < 512,
  ) as string[];
}
