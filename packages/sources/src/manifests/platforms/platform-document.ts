import type { Json, ManifestObject, Unknown } from '@breakwater/model';

/** A document of a platform other than Kubernetes, as parsed. */
export interface PlatformDocument {
  kind: 'compose' | 'ecs' | 'marathon';
  source: string;
  /** Zero-based in its stream. */
  document: number;
  /** One-based line where it begins. */
  line: number;
  value: Json;
}

/** What documents of a platform say. */
export interface Translated {
  objects: ManifestObject[];
  unknowns: Unknown[];
}
