import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import { CelUnknown } from '../cel/index.ts';
import { ancestorsOf, type TreeProcess } from './process-tree.ts';

/** Names of the packages that own a file of the event's image; undefined where the image is not known. */
export type OwnersOf = (path: string) => readonly string[] | undefined;

/** The last part of a path. */
export const nameOfPath = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The folder that a path is in, `/` for what is in the root; empty for what is no whole path. */
export function folderOfPath(path: string): string {
  const end = path.lastIndexOf('/');
  return end === 0 ? '/' : end < 0 ? '' : path.slice(0, end);
}

/* One for each field that nobody may know: what is not known is no answer. */
const unknownOf = (fact: string, field: string): CelUnknown => new CelUnknown([`${fact}.${field}`]);
const UNKNOWN = {
  pid: unknownOf('process', 'pid'),
  uid: unknownOf('process', 'uid'),
  processInImage: unknownOf('process', 'inImage'),
  capabilities: unknownOf('process', 'capabilities'),
  processComponent: unknownOf('process', 'component'),
  fileInImage: unknownOf('event', 'file.inImage'),
  fileComponent: unknownOf('event', 'file.component'),
  exitCode: unknownOf('event', 'exitCode'),
  lost: unknownOf('event', 'lost'),
};

/** Programs that are in no folder, as kernels and sources write their paths. */
const IN_MEMORY = /^\/?memfd:|^\/(?:proc\/(?:self|\d+)|dev)\/fd\/\d+$| \(deleted\)$/;

/** Whether a program was run that is in no folder: the source says so, or its path does. */
export const isFileless = ({ fileless, path }: EventProcess): boolean => fileless ?? IN_MEMORY.test(path);

const NOBODY: EventProcess = { path: '', arguments: '' };

/** A process as expressions see it: texts that are not known are empty, everything else is then unknown. */
export class ProcessView {
  readonly path: string;
  readonly name: string;
  readonly arguments: string;
  readonly pid: number | CelUnknown;
  readonly uid: number | CelUnknown;
  readonly workingDirectory: string;
  readonly startTime: string;
  readonly executionId: string;
  readonly inImage: boolean | CelUnknown;
  readonly fileless: boolean;
  readonly capabilities: readonly string[] | CelUnknown;
  readonly #ownersOf: OwnersOf;
  readonly #above: TreeProcess | undefined;
  #ancestors: ProcessView[] | undefined;

  constructor(actor: EventProcess, ownersOf: OwnersOf, tree?: TreeProcess) {
    this.path = actor.path;
    this.name = actor.applet ?? nameOfPath(actor.path);
    this.arguments = actor.arguments;
    this.pid = actor.pid ?? UNKNOWN.pid;
    this.uid = actor.uid ?? UNKNOWN.uid;
    this.workingDirectory = actor.workingDirectory ?? '';
    this.startTime = actor.startTime ?? '';
    this.executionId = actor.executionId ?? '';
    this.inImage = actor.inImage ?? UNKNOWN.processInImage;
    this.fileless = isFileless(actor);
    this.capabilities = actor.capabilities ?? UNKNOWN.capabilities;
    this.#ownersOf = ownersOf;
    this.#above = tree;
  }

  get component(): string | CelUnknown {
    const owners = this.#ownersOf(this.path);
    return owners === undefined ? UNKNOWN.processComponent : (owners[0] ?? '');
  }

  get ancestors(): readonly ProcessView[] {
    this.#ancestors ??= ancestorsOf(this.#above).map((actor) => new ProcessView(actor, this.#ownersOf));
    return this.#ancestors;
  }

  get parent(): ProcessView {
    return this.ancestors[0] ?? new ProcessView(NOBODY, this.#ownersOf);
  }
}

const NO_POD = { cluster: '', namespace: '', name: '', workloadKind: '', workload: '', labels: {} };
const NO_CONTAINER = { id: '', name: '', image: '', imageDigest: '' };
const NO_PEER = { address: '', port: 0, protocol: '', name: '' };
const NO_END = { address: '', port: 0 };
const NO_REQUEST = {
  user: '',
  groups: [],
  impersonator: '',
  verb: '',
  resource: '',
  namespace: '',
  name: '',
  path: '',
  from: [],
  userAgent: '',
  allowed: false,
};
const NO_ALERT = { rule: '', priority: '', message: '', tags: [] };

/** An event as expressions see it: parts that it does not have are empty. */
export class EventView {
  readonly source: string;
  readonly time: string;
  readonly type: string;
  readonly node: string;
  readonly call: string;
  readonly callArguments: string;
  readonly failure: string;
  readonly prevention: string;
  readonly exitCode: number | CelUnknown;
  readonly lost: number | CelUnknown;
  readonly process: ProcessView;
  readonly pod: object;
  readonly container: object;
  readonly file: object;
  readonly peer: object;
  readonly local: object;
  readonly request: object;
  readonly alert: object;
  readonly count: number;
  readonly #parent: EventProcess | undefined;
  readonly #ownersOf: OwnersOf;

  constructor(event: RuntimeEvent, tree: TreeProcess | undefined, ownersOf: OwnersOf) {
    this.source = event.source;
    this.time = event.time;
    this.type = event.type;
    this.node = event.node ?? '';
    this.call = event.call ?? '';
    this.callArguments = event.callArguments ?? '';
    this.failure = event.failure ?? '';
    this.prevention = event.prevention ?? '';
    this.exitCode = event.exitCode ?? UNKNOWN.exitCode;
    this.lost = event.lost ?? UNKNOWN.lost;
    this.process = new ProcessView(event.process ?? NOBODY, ownersOf, tree);
    this.pod = event.pod === undefined ? NO_POD : { ...NO_POD, ...event.pod };
    this.container = event.container === undefined ? NO_CONTAINER : { ...NO_CONTAINER, ...event.container };
    this.file = new FileView(event.file, ownersOf);
    this.peer = event.peer === undefined ? NO_PEER : { ...NO_PEER, ...event.peer };
    this.local = event.local ?? NO_END;
    this.request = event.request === undefined ? NO_REQUEST : { ...NO_REQUEST, ...event.request };
    this.count = event.count ?? 1;
    this.alert = event.alert ?? NO_ALERT;
    this.#parent = event.parent;
    this.#ownersOf = ownersOf;
  }

  get parent(): ProcessView {
    const { process: actor } = this;
    return this.#parent === undefined ? actor.parent : new ProcessView(this.#parent, this.#ownersOf);
  }
}

/** The file that something was done to. */
class FileView {
  readonly path: string;
  readonly name: string;
  readonly folder: string;
  readonly access: string;
  readonly from: string;
  readonly inImage: boolean | CelUnknown;
  readonly #ownersOf: OwnersOf;

  constructor(file: RuntimeEvent['file'], ownersOf: OwnersOf) {
    this.path = file?.path ?? '';
    this.name = nameOfPath(this.path);
    this.folder = folderOfPath(this.path);
    this.access = file?.access ?? '';
    this.from = file?.from ?? '';
    this.inImage = file?.inImage ?? UNKNOWN.fileInImage;
    this.#ownersOf = ownersOf;
  }

  get component(): string | CelUnknown {
    const owners = this.#ownersOf(this.path);
    return owners === undefined ? UNKNOWN.fileComponent : (owners[0] ?? '');
  }
}
