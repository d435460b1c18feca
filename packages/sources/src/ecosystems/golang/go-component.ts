import type { Component } from '@breakwater/model';
import { type LanguagePackage, languageComponent } from '../language-component.ts';

/** Paths of modules: at most what a proxy stores, without spaces and what begins an option. */
export const MODULE_PATH = /^[^\s/-][^\s]{0,1023}$/;

/** The component of a Go module. Versions keep the `v` that Go writes; `stdlib` is Go itself, `1.22.1`. */
export function goComponent(item: LanguagePackage): Component {
  return languageComponent('golang', item);
}

/** `go1.22.1 X:boringcrypto`, `go1.23.6-fips` or `1.22` as OSV numbers releases of Go; undefined for builds in between. */
export function releaseOf(toolchain: string): string | undefined {
  return /^(?:go)?(\d+(?:\.\d+){0,2}(?:(?:beta|rc)\d+)?)(?![\w.])/.exec(toolchain)?.[1];
}
