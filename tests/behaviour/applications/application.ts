/** A release of an application: from which real packages it is built, and how it is started. */
export interface Release {
  /** Unique within its application, `1`, `2`, ...: in the order in which they came out. */
  tag: string;
  /** Debian that it is built on: `d12` as it came out, `d12s` with its security updates. */
  base: 'd11' | 'd11s' | 'd12' | 'd12s' | 'd13' | 'd13s';
  /** Debian packages. */
  packages: readonly string[];
  /** Versions by name of package of npm or PyPI. */
  npm?: Readonly<Record<string, string>>;
  pypi?: Readonly<Record<string, string>>;
  /** Environment and arguments that came with this release and need no other image. */
  environment?: Readonly<Record<string, string>>;
  arguments?: readonly string[];
}

/** An application that is recorded: a workload of several replicas, whose releases follow each other. */
export interface Application {
  /** Of its workload, and of its service in the network of the containers. */
  name: string;
  kind: 'Deployment' | 'StatefulSet';
  replicas: number;
  entrypoint: readonly string[];
  /** Of the image; root where it is left out. */
  user?: string;
  /** Shell that ends the building of the image. */
  prepare?: string;
  port?: number;
  /** Folder of data that outlives a container. */
  data?: string;
  environment?: Readonly<Record<string, string>>;
  releases: readonly Release[];
}
