import { alpm } from './alpm/alpm.ts';
import { apk } from './apk/apk.ts';
import { bun } from './bun/bun.ts';
import { classifiers } from './classifiers/classifiers.ts';
import { dotnet } from './dotnet/dotnet.ts';
import { dpkg } from './dpkg/dpkg.ts';
import type { Ecosystem } from './ecosystem.ts';
import { golang } from './golang/golang.ts';
import { java } from './java/java.ts';
import { npm } from './npm/npm.ts';
import { php } from './php/php.ts';
import { pnpm } from './pnpm/pnpm.ts';
import { python } from './python/python.ts';
import { rpm } from './rpm/rpm.ts';
import { ruby } from './ruby/ruby.ts';
import { rust } from './rust/rust.ts';
import { yarn } from './yarn/yarn.ts';

/** Every ecosystem that is read, in the order of their components: the operating system's first. */
export const ecosystems: Ecosystem[] = [
  dpkg,
  apk,
  rpm,
  alpm,
  npm,
  yarn,
  pnpm,
  bun,
  python,
  ruby,
  php,
  golang,
  rust,
  java,
  dotnet,
  classifiers,
];
