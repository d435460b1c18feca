import { openDelivery, parseServerAddress } from '@breakwater/sensor/delivery';

/** For tests: a sensor's delivery as a process, which is killed while it works. Arguments: folder, server, key, bytes. */
const [folder = '', server = '', key = '', mostBytes = '1000000'] = process.argv.slice(2);
const delivery = await openDelivery({
  folder,
  server: parseServerAddress(server),
  key: () => key,
  node: 'n1',
  mostBytes: Number(mostBytes),
  every: 20,
  firstWait: 20,
  report: (line) => void process.stderr.write(`${line}\n`),
});
let number = 0;
setInterval(() => {
  for (let count = 0; count < 5 && number < 6_000; count += 1) {
    number += 1;
    const process = { path: `/bin/${number}`, arguments: '' };
    delivery.take({
      source: 'sensor',
      node: 'n1',
      time: new Date().toISOString(),
      type: 'exec',
      container: { image: 'a' },
      process,
    });
  }
  // What is no longer waiting anywhere but here is on the disk, or at the server.
  process.stdout.write(`${number} ${JSON.stringify(delivery.state())}\n`);
}, 5);
