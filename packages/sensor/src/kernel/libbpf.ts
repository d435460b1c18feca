import { UserError } from '@breakwater/model';

/** An address outside of JavaScript. */
export type Address = bigint;

/** What is used of libbpf (1.x) and of the C library, through koffi. Addresses are numbers; 0 is none. */
export interface Libbpf {
  openObject(path: string): Address;
  load(object: Address): number;
  close(object: Address): void;
  findMap(object: Address, name: string): Address;
  descriptorOf(map: Address): number;
  setEntries(map: Address, entries: number): number;
  findProgram(object: Address, name: string): Address;
  /** Whether `load` takes a program along. */
  setLoaded(program: Address, isLoaded: boolean): number;
  /** What a program is, where its section's name is not known to libbpf: numbers of linux/bpf.h. */
  setType(program: Address, type: number, attachType: number): void;
  /** Whether the running kernel has a hook of BPF-LSM. */
  hasHook(name: string): boolean;
  /** Whether it has a tracepoint that says of its arguments what they are. */
  hasTracepoint(name: string): boolean;
  attach(program: Address): Address;
  attachToCgroup(program: Address, cgroup: number): Address;
  detach(link: Address): number;
  update(map: number, key: Buffer, value: Buffer): number;
  /** Fills `value`; 0 where the key is known. */
  lookUp(map: number, key: Buffer, value: Buffer): number;
  remove(map: number, key: Buffer): number;
  /** Fills `next` with the key behind one, or the first; 0 where there is one. */
  nextKey(map: number, key: Buffer | null, next: Buffer): number;
  /** Bytes of a page, of which what is shared begins with one: kernels for arm64 have larger ones as well. */
  readonly pageSize: number;
  /** A part of what a descriptor holds, as memory that is shared with the kernel. */
  share(descriptor: number, offset: number, size: number, access: 'read' | 'write'): SharedMemory;
  /** Gives memory that was freed back to the machine, where the C library can: it keeps it else. */
  trimMemory(): void;
}

/** Memory that is shared with the kernel until it is given back. */
export interface SharedMemory {
  bytes: ArrayBuffer;
  /** Shows what is at another offset, in the same bytes. */
  move(offset: number): void;
  giveBack(): void;
}

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_FIXED = 16;
const BPF_TRACE_RAW_TP = 23;
const BPF_LSM_MAC = 27;
const FAILED = 0xffff_ffff_ffff_ffffn;

/** Loads libbpf. @throws {UserError} `libbpf-missing` where this machine has none. */
export async function loadLibbpf(): Promise<Libbpf> {
  const { default: koffi } = await import('koffi');
  const open = (name: string) => {
    try {
      return koffi.load(name);
    } catch (cause) {
      throw new UserError(`The library ${name} could not be loaded, and the sensor speaks to the kernel through it.`, {
        code: 'libbpf-missing',
        hint: 'Install libbpf 1.x (Debian and Ubuntu: apt install libbpf1).',
        cause,
      });
    }
  };
  const bpf = open('libbpf.so.1');
  const c = open('libc.so.6');
  // Its own complaints go to standard error otherwise; ours say what to do.
  bpf.func('void *libbpf_set_print(void *print)')(null);
  const mmap = c.func(
    'uintptr_t mmap(uintptr_t at, size_t size, int access, int flags, int descriptor, int64_t offset)',
  );
  const munmap = c.func('int munmap(uintptr_t at, size_t size)');
  const setType = bpf.func('int bpf_program__set_type(uintptr_t program, int type)');
  const setAttachType = bpf.func('int bpf_program__set_expected_attach_type(uintptr_t program, int type)');
  const findTypeId = bpf.func('int libbpf_find_vmlinux_btf_id(const char *name, int attach_type)');
  const openFile = bpf.func('uintptr_t bpf_object__open_file(const char *path, const void *options)');
  return {
    openObject: (path) => BigInt(openFile(path, null)),
    load: bpf.func('int bpf_object__load(uintptr_t object)'),
    close: bpf.func('void bpf_object__close(uintptr_t object)'),
    findMap: bpf.func('uintptr_t bpf_object__find_map_by_name(uintptr_t object, const char *name)'),
    descriptorOf: bpf.func('int bpf_map__fd(uintptr_t map)'),
    setEntries: bpf.func('int bpf_map__set_max_entries(uintptr_t map, uint32_t entries)'),
    findProgram: bpf.func('uintptr_t bpf_object__find_program_by_name(uintptr_t object, const char *name)'),
    setLoaded: bpf.func('int bpf_program__set_autoload(uintptr_t program, bool is_loaded)'),
    setType(program, type, attachType) {
      setType(program, type);
      setAttachType(program, attachType);
    },
    hasHook: (name) => findTypeId(name, BPF_LSM_MAC) > 0,
    hasTracepoint: (name) => findTypeId(name, BPF_TRACE_RAW_TP) > 0,
    attach: bpf.func('uintptr_t bpf_program__attach(uintptr_t program)'),
    attachToCgroup: bpf.func('uintptr_t bpf_program__attach_cgroup(uintptr_t program, int cgroup)'),
    detach: bpf.func('int bpf_link__destroy(uintptr_t link)'),
    update: updateOf(bpf.func('int bpf_map_update_elem(int map, const void *key, const void *value, uint64_t flags)')),
    lookUp: bpf.func('int bpf_map_lookup_elem(int map, const void *key, void *value)'),
    remove: bpf.func('int bpf_map_delete_elem(int map, const void *key)'),
    nextKey: bpf.func('int bpf_map_get_next_key(int map, const void *key, void *next)'),
    pageSize: c.func('int getpagesize()')(),
    share(descriptor, offset, size, access) {
      const rights = access === 'read' ? PROT_READ : PROT_READ | PROT_WRITE;
      const map = (at: bigint, flags: number, from: number): bigint => {
        const address = BigInt(mmap(at, size, rights, MAP_SHARED | flags, descriptor, from));
        if (address === FAILED) throw new Error(`${size} bytes at ${from} of a map could not be shared`);
        return address;
      };
      const address = map(0n, 0, offset);
      return {
        bytes: koffi.view(address, size),
        move: (to) => void map(address, MAP_FIXED, to),
        giveBack: () => void munmap(address, size),
      };
    },
    trimMemory: trimOf(c),
  };
}

/** Of the GNU C library; others have nothing like it. */
function trimOf(c: { func(declaration: string): (size: number) => number }): () => void {
  try {
    const trim = c.func('int malloc_trim(size_t left)');
    return () => void trim(0);
  } catch {
    return () => undefined;
  }
}

const updateOf =
  (update: (map: number, key: Buffer, value: Buffer, flags: number) => number) =>
  (map: number, key: Buffer, value: Buffer): number =>
    update(map, key, value, 0);
