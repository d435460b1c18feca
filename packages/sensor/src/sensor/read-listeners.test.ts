import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parseSocket, readListeners } from './read-listeners.ts';

describe.skipIf(process.platform !== 'linux')('where processes listen', () => {
  it('is what they hold, over TCP and UDP, each once however many are asked', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, '::1', resolve));
    const datagrams = createSocket('udp4');
    await new Promise<void>((resolve) => void datagrams.bind(18_153, '127.0.0.1', resolve));
    try {
      const port = (server.address() as { port: number }).port;
      const found = readListeners([process.pid, process.pid]);
      expect(found.filter((one) => one.port === port)).toEqual([
        { pid: process.pid, address: '::1', port, protocol: 'TCP' },
      ]);
      expect(found).toContainEqual({ pid: process.pid, address: '127.0.0.1', port: 18_153, protocol: 'UDP' });
    } finally {
      server.close();
      datagrams.close();
    }
  });

  it('is nowhere for those that have ended', () => expect(readListeners([2 ** 22 + 1])).toEqual([]));

  it.each([
    ['   0: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0 0 0 12345 1 0 100 0', '127.0.0.1', 8080],
    ['   1: 00000000000000000000000001000000:0050 0:0 0A 0:0 00:0 0 0 0 77 1', '::1', 80],
    ['   1: 0000000000000000FFFF00000100000A:0050 0:0 0A 0:0 00:0 0 0 0 77 1', '10.0.0.1', 80],
  ])('is read from a line of the kernel: %s', (line, address, port) => {
    expect(parseSocket(line)).toMatchObject({ address, port, state: '0A' });
  });

  it.each(['', '  sl  local_address rem_address   st', 'x: 0100007F:1F9', '0: 01:1F90 0:0 0A 0 0 0 0 0 1'])(
    'is not in what is no such line: %s',
    (line) => expect(parseSocket(line)).toBeUndefined(),
  );
});
