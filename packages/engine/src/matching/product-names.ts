import type { Component } from '@breakwater/model';
import { classifiedProduct } from './classified-products.ts';
import type { PackageName } from './package-names.ts';
import { versionOrderOf } from './versions/index.ts';
import { jvmOrder } from './versions/jvm.ts';
import { upstreamOrder } from './versions/upstream.ts';
import type { VersionOrder } from './versions/version-order.ts';

/** Ecosystem of rows that name products by CPE, `vendor:product`. */
export const CPE_ECOSYSTEM = 'NVD';
const BITNAMI = 'Bitnami';

/** A product that a component may be, by its name alone. */
export interface ProductName {
  ecosystem: string;
  order: VersionOrder;
  name: PackageName;
}

/**
 * Products that a component may be: by CPE names that somebody gave it, each with the version that the CPE states, and
 * for a program recognised by its content by what databases call it. Packages of package managers get none: a name
 * that means one thing there means another to NVD.
 */
export function productNames(component: Component): ProductName[] {
  const names = new Map<string, ProductName>();
  const add = (ecosystem: string, order: VersionOrder, name: string, version: string) =>
    names.set(`${ecosystem} ${name} ${version}`, { ecosystem, order, name: namedProduct(name, version) });
  for (const cpe of component.cpes ?? []) {
    const named = readCpe(cpe);
    if (named !== undefined) add(CPE_ECOSYSTEM, orderOf(named.name), named.name, named.version ?? component.version);
  }
  const product = isUnpackaged(component) ? classifiedProduct(component.name) : undefined;
  const semantic = versionOrderOf(BITNAMI);
  if (product?.bitnami !== undefined && semantic) add(BITNAMI, semantic, product.bitnami, component.version);
  for (const cpe of product?.cpes ?? []) add(CPE_ECOSYSTEM, orderOf(cpe), cpe, component.version);
  return [...names.values()];
}

/** Releases of Java are numbered in two ways at once. */
function orderOf(product: string): VersionOrder {
  return /:(?:jre|jdk|java_se|openjdk|graalvm)$/.test(product) ? jvmOrder : upstreamOrder;
}

/** Whether a component is a program by itself, of no package manager's. */
export function isUnpackaged({ type, ecosystem }: Component): boolean {
  return type === 'generic' && ecosystem === undefined;
}

function namedProduct(name: string, version: string): PackageName {
  const takes = { source: true, binary: true, unsaid: true };
  return { kind: 'binary', name, version, epochless: false, takes };
}

function readCpe(cpe: string): { name: string; version?: string } | undefined {
  const [prefix, edition, part, vendor, product, stated] = cpe.split(/(?<!\\):/, 6);
  if (prefix !== 'cpe' || edition !== '2.3' || part !== 'a' || vendor === undefined || product === undefined)
    return undefined;
  const name = withoutBackslashes(`${vendor}:${product}`);
  const isAny = stated === undefined || stated === '*' || stated === '-';
  return isAny ? { name } : { name, version: withoutBackslashes(stated) };
}

/** Characters beside letters and digits are written with a backslash: `1.2\+cgr`. */
function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
