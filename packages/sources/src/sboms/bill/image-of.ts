import { createHash } from 'node:crypto';
import type { Component, Distribution, Image, Unknown } from '@breakwater/model';
import { parsePurl } from '@breakwater/model/purl';
import { noteOwners } from '../../ecosystems/note-owners.ts';
import type { SbomReading } from '../sbom-reading.ts';
import { type Bill, property } from './bill.ts';
import { distributionOf, distributionOfPurl } from './distribution.ts';
import { ownPackage } from './own-package.ts';
import { ecosystemOf, type PackageContext, packageOf } from './package-of.ts';
import { spreadPaths } from './spread-paths.ts';

const MOST_UNKNOWNS = 1_000;

/** What is told of a document beside its content. */
/** Where our own documents say what a package is judged by. */
const OWN_ECOSYSTEM = 'breakwater:ecosystem';

export interface BillOrigin {
  /** What places name. */
  source: string;
  /** The document itself: an image without an id is known by the digest of it. */
  content: string | Uint8Array;
}

/** The image that a document describes, with every package it lists; `source` is `sbom`. Pure but for a digest. */
export function imageOf(bill: Bill, { source, content }: BillOrigin): SbomReading {
  const distribution = distributionOfBill(bill);
  const { id, isImage, isOwn, ...subject } = bill.subject;
  const unknowns = [...bill.unknowns];
  spreadPaths(bill);
  const context = { distribution, isImage: isImage || distribution !== undefined, ecosystems: new Map() };
  const components = componentsOf(bill, context, isOwn, source, unknowns);
  if (components.length === 0) {
    unknowns.push({ code: 'sbom-without-packages', message: 'SBOM lists no package that is read', place: { source } });
  }
  const image: Image = {
    id: id ?? `sha256:${createHash('sha256').update(`${source}\n`).update(content).digest('hex')}`,
    source: 'sbom',
    target: source,
    ...subject,
    ...(distribution && { distribution }),
    components,
    unknowns: bounded(unknowns, source),
  };
  return { image, unknowns: [] };
}

/** The operating system of the document, or the only distribution that its packages name. */
function distributionOfBill({ subject, system, entries }: Bill): Distribution | undefined {
  if (system?.own && subject.isOwn) {
    return { id: system.name, ...(system.version !== '' && { versionId: system.version }), ...system.own };
  }
  const named = system && distributionOf(system.name, system.version, system.title);
  if (named) return { ...named, ...(system.codename && { codename: system.codename }) };
  for (const { purl: text } of entries) {
    const purl = text.includes('distro=') ? parsePurl(text) : undefined;
    const distribution = purl && distributionOfPurl(purl);
    if (distribution) return distribution;
  }
  return undefined;
}

function componentsOf(
  bill: Bill,
  context: PackageContext,
  isOwn: boolean,
  source: string,
  unknowns: Unknown[],
): Component[] {
  const byId = new Map<string, Component>();
  const ids = new Map<string, string>();
  const saysEcosystems = bill.entries.some((entry) => property(entry, OWN_ECOSYSTEM) !== undefined);
  for (const entry of bill.entries) {
    const own = isOwn ? ownPackage(entry) : undefined;
    if (own !== undefined && !saysEcosystems) judgeByPurl(own, context);
    const { package: made, gap } = own ? { package: own } : packageOf(entry, context);
    if (gap) unknowns.push({ ...gap, place: { source, ...entry.at } });
    const id = add(byId, made);
    if (entry.ref !== '' && !ids.has(entry.ref)) ids.set(entry.ref, id);
  }
  relate(bill, byId, ids);
  const components = [...byId.values()];
  if (!isOwn) noteOwners(components);
  return components;
}

/** What names no ecosystem at all (an early version's document, or one edited by hand) is judged as its purls say. */
function judgeByPurl(component: Component, context: PackageContext): void {
  const purl = parsePurl(component.purl);
  const ecosystem = purl && ecosystemOf(purl, context);
  if (ecosystem !== undefined) component.ecosystem = ecosystem;
}

/** The same package at another path is another component; the same at the same path is one that is listed twice. */
function add(byId: Map<string, Component>, made: Component): string {
  const known = byId.get(made.id);
  if (known === undefined || known.path === made.path) {
    if (known === undefined) byId.set(made.id, made);
    return made.id;
  }
  const id = `${made.id}#${made.path}`;
  if (!byId.has(id)) byId.set(id, { ...made, id });
  return id;
}

/** Ties components to each other as the document relates them; whatever it does not list is left out. */
function relate(bill: Bill, byId: ReadonlyMap<string, Component>, ids: ReadonlyMap<string, string>): void {
  for (const [ref, needed] of bill.dependencies) {
    const component = byId.get(ids.get(ref) ?? '');
    if (!component) continue;
    const dependsOn = new Set(needed.flatMap((each) => ids.get(each) ?? []));
    dependsOn.delete(component.id);
    component.dependsOn = [...dependsOn];
  }
  for (const [ref, owner] of bill.owners) {
    const component = byId.get(ids.get(ref) ?? '');
    const ownedBy = ids.get(owner);
    if (component && ownedBy && ownedBy !== component.id) component.ownedBy = ownedBy;
  }
}

function bounded(unknowns: Unknown[], source: string): Unknown[] {
  if (unknowns.length <= MOST_UNKNOWNS) return unknowns;
  const message = `${unknowns.length - MOST_UNKNOWNS} more components could not be read`;
  return [...unknowns.slice(0, MOST_UNKNOWNS), { code: 'components-unread', message, place: { source } }];
}
