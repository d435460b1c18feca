/** Events of one second, and when the first happens. */
const PER_SECOND = 2_500;
const START = Date.parse('2026-11-20T10:00:00Z');

/** An event as Tetragon 1.x writes it: about 950 bytes, three kinds in turn, so many a second. */
export function tetragonLine(index: number): string {
  const second = new Date(START + Math.floor(index / PER_SECOND) * 1000)
    .toISOString()
    .slice(0, '2026-11-20T10:00:00'.length);
  const container = {
    id: `containerd://${'551e161c47d8ff0eb665438a7bcd5b4e3ef5a297282b40a92b7c77d6bd168e'}${index % 90}`,
    name: 'spaceship',
    image: {
      id: `docker.io/example/shop@sha256:${'8e86fee711904a0'.padEnd(64, '0')}`,
      name: 'docker.io/example/shop:1',
    },
    pid: index % 100_000,
  };
  const pod = {
    namespace: 'shop',
    name: `cart-7d9f8c6b5-x${index % 90}`,
    container,
    workload: 'cart',
    workload_kind: 'Deployment',
  };
  const process = {
    exec_id: `Z2tlLWpvaG4tNjMyLWRlZmF1bHQ${index}`,
    pid: index % 65_536,
    uid: 1000,
    cwd: '/srv/',
    binary: `/usr/bin/tool-${index % 40}`,
    arguments: `--serve --port ${index % 9_000}`,
    flags: 'execve clone',
    start_time: '2026-11-20T10:00:00.123456789Z',
    pod,
  };
  const parent = { exec_id: 'Z2tlLWpvaG4', pid: 1, uid: 0, cwd: '/', binary: '/sbin/init', flags: 'procFS' };
  const kind = ['process_exec', 'process_exit', 'process_kprobe'][index % 3] ?? 'process_exec';
  const call = {
    function_name: 'security_file_permission',
    args: [{ file_arg: { path: `/usr/lib/libshop.so.${index % 30}` } }, { int_arg: 4 }],
  };
  const event = { process, parent, ...(kind === 'process_kprobe' && call) };
  return JSON.stringify({ [kind]: event, node_name: 'node-1', time: `${second}.507123456Z` });
}
