import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Address, Libbpf } from './libbpf.ts';
import { refused } from './load-object.ts';
import { PACKET_PROGRAM } from './programs.ts';

/** Where runtimes put containers: looked into before the first comes, so that none of its names is missed. */
const USUAL = ['machine.slice', 'kubepods.slice', 'kubepods', 'docker', 'libpod_parent'];
const ROOT = '/';

/**
 * The program that looks for answers of name servers, where containers are: each packet that comes in below pays for it, and
 * those of the host should not. It is attached to the highest cgroup below the root that holds a container, and so to those
 * that begin there later.
 */
export class PacketPrograms {
  readonly #libbpf: Libbpf;
  readonly #object: Address;
  readonly #root: string;
  /** By folder, with its inode: a cgroup that is made anew is another. */
  readonly #attached = new Map<string, { inode: number; link: Address }>();

  /** `root` is the folder of the hierarchy. @throws {UserError} `kernel-refused` where the kernel does not take the program. */
  constructor(libbpf: Libbpf, object: Address, root: string) {
    this.#libbpf = libbpf;
    this.#object = object;
    this.#root = root;
    if (!this.#attach(ROOT)) throw refused(`attaching ${PACKET_PROGRAM}`);
    // Only cgroups below the first have a type. In a namespace of cgroups the kernel's paths are none of this folder.
    if (existsSync(join(root, 'cgroup.type'))) return;
    this.close();
    for (const name of USUAL) this.#attach(name);
  }

  /** A container's cgroup, by its path below the root. Where the program cannot be attached there, packets of all are looked at. */
  cover(path: string): void {
    const name = path.split('/')[1] ?? '';
    const isGone = (): boolean => this.#inodeOf(name) === undefined;
    if (this.#attached.has(ROOT) || this.#attach(name) || isGone()) return;
    if (this.#attach(ROOT)) for (const [held, { link }] of this.#attached) if (held !== ROOT) this.#detach(held, link);
  }

  #inodeOf = (name: string): number | undefined => statSync(join(this.#root, name), { throwIfNoEntry: false })?.ino;

  /** Whether it is attached to a folder, now or since before. */
  #attach(name: string): boolean {
    const inode = this.#inodeOf(name);
    const before = this.#attached.get(name);
    if (inode === undefined) return false;
    if (before?.inode === inode) return true;
    if (before !== undefined) this.#detach(name, before.link);
    const link = this.#linkTo(name);
    if (link === 0n) return false;
    this.#attached.set(name, { inode, link });
    return true;
  }

  /** 0 where the kernel does not take it, or the folder is gone by now. */
  #linkTo(name: string): Address {
    let descriptor: number;
    try {
      descriptor = openSync(join(this.#root, name), 'r');
    } catch {
      return 0n;
    }
    try {
      const program = this.#libbpf.findProgram(this.#object, PACKET_PROGRAM);
      return BigInt(this.#libbpf.attachToCgroup(program, descriptor));
    } finally {
      closeSync(descriptor);
    }
  }

  #detach(name: string, link: Address): void {
    this.#libbpf.detach(link);
    this.#attached.delete(name);
  }

  /** Of cgroups that are no more. */
  tidy(): void {
    for (const [name, { inode, link }] of this.#attached) if (this.#inodeOf(name) !== inode) this.#detach(name, link);
  }

  close(): void {
    for (const [name, { link }] of this.#attached) this.#detach(name, link);
  }
}
