import type { Dockerfile, ManifestObject, Unknown } from '@breakwater/model';
import type { PlatformDocument } from './platforms/platform-document.ts';

/** What a file that holds no Kubernetes objects is. `other` is YAML or JSON that nothing here reads. */
export type OtherFileKind =
  | 'compose'
  | 'ecs'
  | 'marathon'
  | 'kustomization'
  | 'kustomize-patch'
  | 'helm-chart'
  | 'helm-template'
  | 'helm-values'
  | 'configuration'
  /** Workloads in a language of infrastructure (CloudFormation, a plan of Terraform), which is not read. */
  | 'infrastructure'
  | 'other';

/** A file that was recognised, but is not made of Kubernetes objects. */
export interface OtherFile {
  path: string;
  kind: OtherFileKind;
}

/** All that was read from the given paths. Nothing is left out without an unknown or an entry in `otherFiles`. */
export interface ManifestRead {
  objects: ManifestObject[];
  /** Patches and fragments: parts of objects that something else completes. Never counted as objects. */
  patches: ManifestObject[];
  dockerfiles: Dockerfile[];
  otherFiles: OtherFile[];
  /** Sources of the files whose fields can be found by indentation (see `KeptTexts`). */
  plain: Set<string>;
  unknowns: Unknown[];
}

/** A document of another platform in its file. */
export type FileDocument = Omit<PlatformDocument, 'source'>;

/** What one file says, before files are seen together. */
export interface FileRead {
  objects: ManifestObject[];
  patches: ManifestObject[];
  /** Set where the file, or a document of it, is something else. */
  kind?: OtherFileKind;
  /** Documents of other platforms, to be translated when all files are read. */
  documents: FileDocument[];
  /** What it says of others, where it is a kustomization. */
  kustomization?: { includes: string[]; changes: boolean; component: boolean };
  /** Paths of the patch files that this kustomization names, as written. */
  patchFiles: string[];
  /** Whether every line of it is plain. */
  isPlain?: true;
  unknowns: Unknown[];
}
