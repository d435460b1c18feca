import type { Component } from '@breakwater/model';
import { type LanguagePackage, languageComponent } from '../language-component.ts';

/** What gems are called. */
export const GEM_NAME = /^[A-Za-z0-9_][\w.-]{0,254}$/;

/** The component of a gem. */
export function gemComponent(item: LanguagePackage): Component {
  return languageComponent('gem', item);
}
