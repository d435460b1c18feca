export { readFileBounded } from './file-stream.ts';
export { type KeptTexts, locatePlaces } from './locate-places.ts';
export type { ManifestRead, OtherFile, OtherFileKind } from './manifest-read.ts';
export { parseDockerfile } from './parse-dockerfile.ts';
export { type ManifestText, readManifestText } from './read-manifest-text.ts';
export { type ReadManifestsOptions, readManifests } from './read-manifests.ts';
export { type FoundFile, findFiles } from './walk-files.ts';
