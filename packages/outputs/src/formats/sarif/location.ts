import { formatPlace, type Place } from '@breakwater/model';

/**
 * A place as a SARIF location. Files relative to the working folder stay relative, so that a code-scanning service
 * finds them in the repository; a path inside an archive is a logical location of the archive.
 */
export function location(place: Place): object {
  const region = place.line !== undefined && place.path === undefined ? regionOf(place.line, place.column) : undefined;
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(place.source) }, ...(region && { region }) },
    ...(place.path !== undefined && { logicalLocations: [{ fullyQualifiedName: formatPlace(place) }] }),
  };
}

/** Where a finding has no place of its own: its subject, a workload or image, by name. */
export function subjectLocation(subject: string): object {
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(subject) } },
    logicalLocations: [{ fullyQualifiedName: subject }],
  };
}

function regionOf(line: number, column: number | undefined): object {
  return { startLine: line, ...(column !== undefined && { startColumn: column }) };
}

/** RFC 3986: every segment encoded; a first segment with a colon would be taken for a scheme. */
function uriOf(path: string): string {
  const encoded = path
    .toWellFormed()
    .replaceAll('\\', '/')
    .split('/')
    .map((segment) => encodeURIComponent(segment))
    .join('/');
  return encoded.startsWith('/') ? `file://${encoded.replace(/^\/+/, '/')}` : encoded;
}
