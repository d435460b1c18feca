import type { Component } from '@breakwater/model';
import { type LanguagePackage, languageComponent } from '../language-component.ts';

/** Names of crates (doc.rust-lang.org/cargo/reference/manifest.html). */
export const CRATE_NAME = /^[\w-]{1,256}$/u;

/** The component of a crate. */
export function crateComponent(item: LanguagePackage): Component {
  return languageComponent('cargo', item);
}
