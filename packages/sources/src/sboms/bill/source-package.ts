import type { Component } from '@breakwater/model';
import type { Purl } from '@breakwater/model/purl';
import { type BillEntry, property } from './bill.ts';
import { SYSTEM_TYPES } from './purl-of-entry.ts';

const SOURCE_RPM = /^(.{1,256})-([^-]{1,128}-[^-]{1,128})\.(?:no)?src\.rpm$/;

/**
 * The source package of an entry: by our own properties, by Trivy's, as the document states it beside, by the purl's
 * `upstream` or by Syft's properties. Without it most advisories of a distribution find nothing.
 */
export function sourcePackage(entry: BillEntry, purl: Purl, version: string): Component['source'] {
  if (!SYSTEM_TYPES.has(purl.type)) return undefined;
  const own = property(entry, 'breakwater:source:name');
  if (own) return { name: own, version: property(entry, 'breakwater:source:version') ?? version };
  const trivy = property(entry, 'aquasecurity:trivy:SrcName');
  if (trivy) return { name: trivy, version: trivySourceVersion(entry) ?? version };
  const upstream = purl.qualifiers['upstream'];
  if (upstream) return upstreamOf(upstream, version);
  if (entry.source) return upstreamOf(entry.source.name, entry.source.version || version);
  const syft = property(entry, 'syft:metadata:source', 'syft:metadata:originPackage', 'syft:metadata:sourceRpm');
  if (!syft) return undefined;
  return upstreamOf(syft, property(entry, 'syft:metadata:sourceVersion') ?? version);
}

function trivySourceVersion(entry: BillEntry): string | undefined {
  const version = property(entry, 'aquasecurity:trivy:SrcVersion');
  const release = property(entry, 'aquasecurity:trivy:SrcRelease');
  const epoch = property(entry, 'aquasecurity:trivy:SrcEpoch');
  const withEpoch = version && epoch && epoch !== '0' ? `${epoch}:${version}` : version;
  return withEpoch && release ? `${withEpoch}-${release}` : withEpoch;
}

/** `util-linux`, `util-linux@2.38` or `util-linux-2.32.1-42.el8_8.src.rpm`. */
function upstreamOf(upstream: string, version: string): { name: string; version: string } {
  const rpm = SOURCE_RPM.exec(upstream);
  if (rpm) return { name: rpm[1] ?? upstream, version: rpm[2] ?? version };
  const at = upstream.lastIndexOf('@');
  return at > 0 ? { name: upstream.slice(0, at), version: upstream.slice(at + 1) } : { name: upstream, version };
}
