import type { VexVerdict } from './vulnerability.ts';

/** A thing that a VEX statement names. */
export interface VexSubject {
  /** Package URLs, image references, digests (`sha256:...`) and CPE names; one that fits is enough. */
  names: string[];
  /** Versions meant where the names state none: exact ones, and ranges as `vers:deb/>=1|<2`. Empty: every version. */
  versions: string[];
}

/** A product of a VEX statement. */
export interface VexProduct extends VexSubject {
  /** Parts of it that are meant. Empty: the product as a whole, with all that it holds. */
  parts: VexSubject[];
}

/** What a VEX document states of one vulnerability, whatever format it is in. */
export interface VexStatement {
  /** Ids of the vulnerability: the CVE and its aliases. */
  ids: string[];
  verdict: VexVerdict;
  products: VexProduct[];
}
