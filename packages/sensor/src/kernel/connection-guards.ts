import type { Guard } from './guard.ts';
import type { Address, Libbpf } from './libbpf.ts';
import { refused, UNIX_PROGRAM } from './load-object.ts';
import { CONNECTION_GUARDS } from './programs.ts';

/**
 * The programs that are asked about each connection and each socket of the host, and let everything pass that is not
 * guarded. Asking takes a tenth of a microsecond: they are attached once somebody is guarded. That the kernel takes them is
 * tried before, so that it is said in time what cannot be stopped.
 */
export class ConnectionGuards {
  readonly #libbpf: Libbpf;
  readonly #object: Address;
  readonly #cgroupRoot: number;
  readonly #links: Address[] = [];
  /** Whether sockets that are files are guarded by the names that programs write. */
  readonly guardsUnixNames: boolean;

  /** @throws {UserError} `kernel-refused` where the kernel does not take one that all kernels have. */
  constructor(libbpf: Libbpf, object: Address, cgroupRoot: number, hasUnixProgram: boolean) {
    this.#libbpf = libbpf;
    this.#object = object;
    this.#cgroupRoot = cgroupRoot;
    this.#attach(CONNECTION_GUARDS);
    this.guardsUnixNames = hasUnixProgram && this.#attachOne(UNIX_PROGRAM);
    this.close();
  }

  /** Before the first container is guarded that way, and nothing from then on. @throws {UserError} as above */
  beginFor({ connections, sockets }: Guard): void {
    if (this.#links.length > 0 || (connections === undefined && sockets === undefined)) return;
    this.#attach(this.guardsUnixNames ? [...CONNECTION_GUARDS, UNIX_PROGRAM] : CONNECTION_GUARDS);
  }

  #attach(programs: readonly string[]): void {
    for (const program of programs) {
      if (this.#attachOne(program)) continue;
      this.close();
      throw refused(`attaching ${program}`);
    }
  }

  #attachOne(name: string): boolean {
    const link = this.#libbpf.attachToCgroup(this.#libbpf.findProgram(this.#object, name), this.#cgroupRoot);
    if (BigInt(link) !== 0n) this.#links.push(link);
    return BigInt(link) !== 0n;
  }

  close(): void {
    for (const link of this.#links.splice(0)) this.#libbpf.detach(link);
  }
}
