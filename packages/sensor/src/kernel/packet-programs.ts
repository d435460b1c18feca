import { closeSync, openSync, statSync } from 'node:fs';
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
    this.close();
    for (const name of USUAL) this.#attach(name);
  }

  /** A container's cgroup, by its path below the root. Where that cannot be had, packets of all are looked at. */
  cover(path: string): void {
    if (this.#attached.has(ROOT) || this.#attach(path.split('/')[1] ?? '')) return;
    this.close();
    this.#attach(ROOT);
  }

  /** Whether it is attached to a folder, now or since before. */
  #attach(name: string): boolean {
    let descriptor: number | undefined;
    try {
      const folder = join(this.#root, name);
      const inode = statSync(folder).ino;
      const before = this.#attached.get(name);
      if (before?.inode === inode) return true;
      if (before !== undefined) this.#detach(name, before.link);
      descriptor = openSync(folder, 'r');
      const link = this.#libbpf.attachToCgroup(this.#libbpf.findProgram(this.#object, PACKET_PROGRAM), descriptor);
      if (BigInt(link) === 0n) return false;
      this.#attached.set(name, { inode, link });
      return true;
    } catch {
      return false;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  #detach(name: string, link: Address): void {
    this.#libbpf.detach(link);
    this.#attached.delete(name);
  }

  /** Of cgroups that are no more. */
  tidy(): void {
    for (const [name, { inode, link }] of this.#attached) {
      const now = statSync(join(this.#root, name), { throwIfNoEntry: false });
      if (now?.ino !== inode) this.#detach(name, link);
    }
  }

  close(): void {
    for (const [name, { link }] of this.#attached) this.#detach(name, link);
  }
}
