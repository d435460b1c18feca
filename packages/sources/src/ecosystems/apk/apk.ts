import type { Component } from '@breakwater/model';
import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { ownedFiles } from '../owned-files.ts';
import { isIdentity, osPackagePurl } from '../purl-of.ts';
import { capabilities } from './capabilities.ts';
import { type InstalledPackage, parseInstalled } from './installed.ts';

const DATABASES = new Set(['lib/apk/db/installed', 'usr/lib/apk/db/installed']);

/** The package data base of Alpine, Wolfi and their relatives. */
export const apk: Ecosystem = {
  name: 'apk',
  wants: (path) => path.endsWith('/installed') && DATABASES.has(path),
  parse: parseApk,
  capabilities,
};

function parseApk(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const { packages, oddLines, cut } = parseInstalled(file.bytes.toString('utf8'), context.tree !== undefined);
    const place = { source: context.target, path: `/${file.path}` };
    for (const item of packages) {
      const component = toComponent(item, file.path, context);
      if (component !== undefined) inventory.components.push(component);
      else {
        const message = 'A package has no usable name or version';
        inventory.unknowns.push({ code: 'package-incomplete', message, place: { ...place, line: item.line } });
      }
    }
    if (oddLines.length > 0) {
      const message = `${oddLines.length} lines of the apk data base are no fields: packages may be missing`;
      inventory.unknowns.push({ code: 'package-database-damaged', message, place: { ...place, line: oddLines[0]! } });
    }
    if (cut) {
      const message = 'The apk data base ends inside a line: packages after it are missing';
      inventory.unknowns.push({ code: 'package-database-damaged', message, place });
    }
  }
  return inventory;
}

function toComponent(item: InstalledPackage, path: string, context: EcosystemContext): Component | undefined {
  const { name, version, architecture, origin, licence } = item;
  if (!isIdentity(name) || !isIdentity(version)) return undefined;
  const { distribution, tree } = context;
  const source = { name: isIdentity(origin) ? origin : name, version };
  const purl = osPackagePurl({ type: 'apk', vendor: 'alpine', name, version, architecture, source }, distribution);
  return {
    id: purl,
    type: 'apk',
    name,
    version,
    purl,
    ...(distribution?.ecosystem !== undefined && { ecosystem: distribution.ecosystem }),
    source,
    ...(architecture !== undefined && { architecture }),
    licences: licence === undefined || licence === '' ? [] : [licence],
    path: `/${path}`,
    files: tree === undefined ? [] : ownedFiles(item.files, tree),
    scope: 'installed',
    development: false,
  };
}
