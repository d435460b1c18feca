import { describe, expect, it } from 'vitest';
import { callNameOf } from './call-names.ts';

describe('the name of a system call', () => {
  it.each([
    [0, 'x64', 'read'],
    [59, 'x64', 'execve'],
    [231, 'x64', 'exit_group'],
    [334, 'x64', 'rseq'],
    [56, 'arm64', 'openat'],
    [221, 'arm64', 'execve'],
    [93, 'arm64', 'exit'],
    [79, 'arm64', 'newfstatat'],
    [98, 'arm64', 'futex'],
    [222, 'arm64', 'mmap'],
    [260, 'arm64', 'wait4'],
    [294, 'arm64', 'kexec_file_load'],
    [435, 'x64', 'clone3'],
    [435, 'arm64', 'clone3'],
    [462, 'arm64', 'mseal'],
    [400, 'x64', undefined],
    [511, 'arm64', undefined],
  ])('by its number %i on %s is %s', (number, processor, name) => {
    expect(callNameOf(number, processor)).toBe(name);
  });
});
