import type { Component } from '@breakwater/model';
import { type LanguagePackage, languageComponent } from '../language-component.ts';

/** Identifiers of NuGet packages. */
export const NUGET_NAME = /^[\w-][\w.-]{0,255}$/u;

/** The component of a NuGet package. */
export function nugetComponent(item: LanguagePackage): Component {
  return languageComponent('nuget', item);
}
