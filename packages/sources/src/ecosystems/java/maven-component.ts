import type { Component } from '@breakwater/model';
import { type LanguagePackage, languageComponent } from '../language-component.ts';

/** `group:artifact`, as Maven allows both. */
export const MAVEN_NAME = /^[\w.-]{1,512}:[\w.-]{1,512}$/u;

/** The component of an artifact in a Maven repository; its name is `group:artifact`. */
export function mavenComponent(item: LanguagePackage): Component {
  return languageComponent('maven', item, item.name.replace(':', '/'));
}
