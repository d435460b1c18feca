import { apkOrder } from './apk.ts';
import { debOrder } from './deb.ts';
import { gentooOrder } from './gentoo.ts';
import { goOrder } from './go.ts';
import { jvmOrder } from './jvm.ts';
import { mavenOrder } from './maven.ts';
import { nugetOrder } from './nuget.ts';
import { cranOrder, hackageOrder } from './number-list.ts';
import { packagistOrder } from './packagist.ts';
import { pacmanOrder } from './pacman.ts';
import { pubOrder } from './pub.ts';
import { pypiOrder } from './pypi.ts';
import { rpmOrder } from './rpm.ts';
import { rubygemsOrder } from './rubygems.ts';
import { semverOrder } from './semver.ts';
import { upstreamOrder } from './upstream.ts';
import type { VersionOrder } from './version-order.ts';

/** Every order there is. A new one is a file beside this one and a line here. */
export const versionOrders: readonly VersionOrder[] = [
  debOrder,
  apkOrder,
  rpmOrder,
  semverOrder,
  goOrder,
  pypiOrder,
  mavenOrder,
  rubygemsOrder,
  packagistOrder,
  nugetOrder,
  pubOrder,
  cranOrder,
  hackageOrder,
  pacmanOrder,
  gentooOrder,
  jvmOrder,
  upstreamOrder,
];

const byEcosystem = new Map(versionOrders.flatMap((order) => order.ecosystems.map((name) => [name, order] as const)));

/** The order of an OSV ecosystem, with or without its release (`Debian:12`); undefined where none is known. */
export function versionOrderOf(ecosystem: string): VersionOrder | undefined {
  const colon = ecosystem.indexOf(':');
  return byEcosystem.get(colon === -1 ? ecosystem : ecosystem.slice(0, colon));
}

/**
 * -1, 0 or 1: how `a` stands to `b` in an OSV ecosystem; undefined when the ecosystem has no order here or one of the
 * two is no version in it.
 */
export function compareVersions(ecosystem: string, a: string, b: string): -1 | 0 | 1 | undefined {
  const order = versionOrderOf(ecosystem);
  const left = order?.parse(a);
  const right = order?.parse(b);
  if (order === undefined || left === undefined || right === undefined) return undefined;
  return Math.sign(order.compare(left, right)) as -1 | 0 | 1;
}
