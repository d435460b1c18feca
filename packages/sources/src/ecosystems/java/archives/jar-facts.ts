/** What an archive of Java, and each archive in it, says of itself. */
export interface JarFacts {
  /** Names of the archives inside each other that lead here; empty for the outermost. */
  within: string[];
  /** As its pom.properties or pom.xml state them. */
  artifacts: StatedArtifact[];
  manifest: Record<string, string>;
  /** Only where it states no artifact: its SHA-1, and the package that all its classes are in (`org.example`). */
  sha1?: string;
  package?: string;
  /** What could not be read, in words that follow "was not read completely: ". */
  faults: string[];
}

export interface StatedArtifact {
  group: string;
  artifact: string;
  version: string;
  licences?: string[];
}
