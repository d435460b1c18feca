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
  readonly #programs: readonly string[];
  #isRefused = false;

  /** @throws {UserError} `kernel-refused` where the kernel does not take one that all kernels have. */
  constructor(libbpf: Libbpf, object: Address, cgroupRoot: number, hasUnixProgram: boolean) {
    this.#libbpf = libbpf;
    this.#object = object;
    this.#cgroupRoot = cgroupRoot;
    const missing = CONNECTION_GUARDS.find((program) => !this.#attach(program));
    if (missing !== undefined) {
      this.close();
      throw refused(`attaching ${missing}`);
    }
    const isTaken = hasUnixProgram && this.#attach(UNIX_PROGRAM);
    this.#programs = isTaken ? [...CONNECTION_GUARDS, UNIX_PROGRAM] : CONNECTION_GUARDS;
    this.close();
  }

  /** False where the kernel took the programs at the start, and refused them when somebody was to be guarded. */
  get guardsConnections(): boolean {
    return !this.#isRefused;
  }

  /** Whether sockets that are files are guarded by the names that programs write. */
  get guardsUnixNames(): boolean {
    return !this.#isRefused && this.#programs.includes(UNIX_PROGRAM);
  }

  /** Before the first container is guarded that way, and nothing from then on. */
  beginFor({ connections, sockets }: Guard): void {
    if (this.#links.length === 0 && (connections !== undefined || sockets !== undefined)) this.#begin();
  }

  /** Tries once more what was refused; whether it holds now, and did not before. */
  tryAgain(): boolean {
    if (!this.#isRefused) return false;
    this.#begin();
    return !this.#isRefused;
  }

  #begin(): void {
    this.#isRefused = !this.#programs.every((program) => this.#attach(program));
    if (this.#isRefused) this.close();
  }

  #attach(name: string): boolean {
    const link = this.#libbpf.attachToCgroup(this.#libbpf.findProgram(this.#object, name), this.#cgroupRoot);
    if (BigInt(link) !== 0n) this.#links.push(link);
    return BigInt(link) !== 0n;
  }

  close(): void {
    for (const link of this.#links.splice(0)) this.#libbpf.detach(link);
  }
}
