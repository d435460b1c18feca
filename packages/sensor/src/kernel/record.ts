/** What an event is, in the order of `enum kind` in bpf/event.h. */
export const KINDS = [
  '',
  'exec',
  'exit',
  'open',
  'paths',
  'connect',
  'accept',
  'listen',
  'call',
  'dns',
  'cgroup',
  'cgroup-gone',
  'refusal',
  'ring',
  'capability',
  'call-used',
] as const;

export type RecordKind = Exclude<(typeof KINDS)[number], ''>;

/** `enum file_flag` of bpf/event.h. */
export const FILE_FLAG = { changed: 1, overlay: 2, unlinked: 4, memory: 8, unlayered: 16, local: 32 } as const;

/** One event as the kernel's programs write it: `struct event` of bpf/event.h. */
export interface KernelRecord {
  kind: RecordKind;
  /** Nanoseconds since boot. */
  time: number;
  /** Id of the container's cgroup. */
  cgroup: number;
  /** Of the process, since boot; with its pid it is unique until the machine starts again. */
  start: number;
  parentStart: number;
  /** Effective, a bit each. */
  capabilities: bigint;
  /** As the host counts. */
  pid: number;
  thread: number;
  parent: number;
  uid: number;
  gid: number;
  effectiveUid: number;
  /** Number of the system call on x86-64, and of `call-used` as the processor counts; 0 where none is told of. */
  call: number;
  result: number;
  /** By kind: see bpf/sensor.bpf.c. */
  values: readonly [bigint, bigint, bigint, bigint, bigint, bigint];
  executable: { inode: number; device: number; flags: number };
  /** Name of the thread. */
  comm: string;
  /** What the process runs, and its parent, by the `key` of the start that told it; 0 where nobody saw that. */
  program: number;
  parentProgram: number;
  /** Who did it and what, 16 bytes: by this the kernel is told that it is known. */
  key: Buffer;
  texts: readonly [Buffer, Buffer, Buffer];
  /** Which of the texts were longer than what is there. */
  clipped: readonly [boolean, boolean, boolean];
}

/** Bytes before the texts. */
const HEAD = 200;
const LENGTHS = 192;
const KEY = 176;

/** Reads an event. Texts are copied: the kernel writes over what was read. @throws {RangeError} where it is too short */
export function readRecord(bytes: Buffer): KernelRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number): number => view.getUint32(at, true);
  const u64 = (at: number): bigint => view.getBigUint64(at, true);
  const big = (at: number): number => u32(at) + u32(at + 4) * 2 ** 32;
  const kind = KINDS[u32(64)];
  if (kind === undefined || kind === '') throw new RangeError(`a record of kind ${u32(64)}`);
  const lengths = [0, 1, 2].map((slot) => view.getUint16(LENGTHS + 2 * slot, true));
  const clipped = view.getUint16(LENGTHS + 6, true);
  const copy = Buffer.from(bytes.subarray(KEY));
  const [first = 0, second = 0, third = 0] = lengths;
  const [one, two] = [HEAD - KEY + first, HEAD - KEY + first + second];
  const texts: KernelRecord['texts'] = [
    copy.subarray(HEAD - KEY, one),
    copy.subarray(one, two),
    copy.subarray(two, two + third),
  ];
  return {
    kind,
    time: big(0),
    cgroup: big(8),
    start: big(16),
    parentStart: big(24),
    capabilities: u64(32),
    pid: u32(40),
    thread: u32(44),
    parent: u32(48),
    uid: u32(52),
    gid: u32(56),
    effectiveUid: u32(60),
    call: u32(68),
    result: Number(view.getBigInt64(72, true)),
    values: [u64(80), u64(88), u64(96), u64(104), u64(112), u64(120)],
    executable: { inode: big(128), device: u32(136), flags: u32(140) },
    comm: textUntilNul(bytes.subarray(144, 160)),
    program: big(160),
    parentProgram: big(168),
    key: copy.subarray(0, 16),
    texts,
    clipped: [(clipped & 1) !== 0, (clipped & 2) !== 0, (clipped & 4) !== 0],
  };
}

const textUntilNul = (bytes: Buffer): string => {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
};
