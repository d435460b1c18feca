import type { Component } from '@breakwater/model';
import { type LanguagePackage, languageComponent } from '../language-component.ts';

/** What packages of Hex, and applications of Erlang, are called. */
export const HEX_NAME = /^[A-Za-z]\w{0,254}$/;

/** The component of a package of Hex. */
export function hexComponent(item: LanguagePackage): Component {
  return languageComponent('hex', item);
}
