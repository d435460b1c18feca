import type { Component, Distribution, SupportStatus } from '@breakwater/model';
import { DOTNET, GO, OPENJDK } from './compiled-runtimes.ts';
import { DISTRIBUTIONS } from './distributions.ts';
import { CENTOS_STREAM, RED_HAT_RELATIVES } from './red-hat-relatives.ts';
import type { ProductReleases } from './release-dates.ts';
import { RUNTIMES } from './runtimes.ts';

/** What is asked about: an image, or what stands for one. */
export interface Supportable {
  distribution?: Distribution | undefined;
  components: readonly Component[];
}

/**
 * Until when an image's distribution and its runtimes get security fixes. A runtime that a package of the distribution
 * brought is mended by the distribution and not listed; several of one release are one. `now` is ISO 8601.
 */
export function supportOf({ distribution, components }: Supportable, now: string): SupportStatus[] {
  const day = now.slice(0, 10);
  const found = distribution === undefined ? [] : [ofDistribution(distribution, day)];
  const seen = new Set<string>();
  for (const component of components) {
    const product =
      component.ownedBy === undefined && component.scope === 'installed' ? runtimeOf(component) : undefined;
    if (product === undefined || component.version === '') continue;
    const release = releaseOf(product, runtimeVersion(component, product));
    const key = `${product.name} ${release}`;
    if (seen.has(key)) continue;
    seen.add(key);
    found.push({ ...statusOf('runtime', product, release, day), component: component.id });
  }
  return found;
}

function ofDistribution({ id, versionId, name }: Distribution, day: string): SupportStatus {
  const isStream = id === 'centos' && /\bStream\b/.test(name);
  const product = isStream ? CENTOS_STREAM : (known(RED_HAT_RELATIVES, id) ?? known(DISTRIBUTIONS, id));
  if (product === undefined) return { subject: 'distribution', product: name, release: '', state: 'unknown' };
  return statusOf('distribution', product, versionId === undefined ? '' : releaseOf(product, versionId), day);
}

function known(products: Readonly<Record<string, ProductReleases>>, name: string): ProductReleases | undefined {
  return Object.hasOwn(products, name) ? products[name] : undefined;
}

/** Java's names for what classifiers find: either is a runtime of Java. */
const JAVA = new Set(['openjdk', 'jre', 'jdk']);

function runtimeOf({ type, name }: Component): ProductReleases | undefined {
  if (type === 'golang') return name === 'stdlib' ? GO : undefined;
  if (type === 'nuget') return name.startsWith('Microsoft.NETCore.App.Runtime.') ? DOTNET : undefined;
  if (type !== 'generic') return undefined;
  if (JAVA.has(name)) return OPENJDK;
  return name === 'go' ? GO : known(RUNTIMES, name);
}

/** `1.8.0_382` is Java 8. */
function runtimeVersion({ version }: Component, product: ProductReleases): string {
  return product === OPENJDK ? version.replace(/^1\.(?=[0-9])/, '') : version;
}

function releaseOf({ parts, releases }: ProductReleases, version: string): string {
  const numbers = /^v?([0-9]{1,4}(?:\.[0-9]{1,4}){0,1})/.exec(version)?.[1];
  if (releases === undefined || numbers === undefined) return releases === undefined ? '' : version;
  return numbers.split('.').slice(0, parts).join('.');
}

function statusOf(
  subject: SupportStatus['subject'],
  product: ProductReleases,
  release: string,
  day: string,
): SupportStatus {
  const about = { subject, product: product.name, release, source: product.source };
  if (product.releases === undefined) return { ...about, state: 'rolling' };
  const dates = Object.hasOwn(product.releases, release) ? product.releases[release] : undefined;
  if (dates === undefined) return { ...about, state: 'unknown' };
  const [end, extended] = dates;
  const withDates = { ...about, end, ...(extended !== undefined && { extended }) };
  if (day <= end) return { ...withDates, state: 'supported' };
  return { ...withDates, state: extended !== undefined && day <= extended ? 'extended' : 'ended' };
}
