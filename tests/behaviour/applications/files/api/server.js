// biome-ignore-all lint/style/useNodejsImportProtocol: releases on Debian 11 run Node.js 12, which does not know it.
const { exec } = require('child_process');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const express = require('express');
const Redis = require('ioredis');

const app = express();
const cache = new Redis({ host: process.env.CACHE_HOST, maxRetriesPerRequest: 1 });
cache.on('error', () => {});
app.use(express.json());
if (process.env.LOG_FILE) {
  app.use((request, _response, next) => {
    fs.appendFile(process.env.LOG_FILE, `${request.url}\n`, () => next());
  });
}
const failing = (take) => (request, response) =>
  Promise.resolve(take(request, response)).catch((error) => response.status(502).send(String(error.message)));
app.get('/health', (_request, response) => response.send('ok'));
app.get(
  '/items/:id',
  failing(async (request, response) => {
    const known = await cache.get(`item:${request.params.id}`);
    if (known) return response.json(JSON.parse(known));
    const item = { id: request.params.id, price: request.params.id.length * 10 };
    await cache.set(`item:${item.id}`, JSON.stringify(item), 'EX', 20);
    response.json(item);
  }),
);
app.get(
  '/recommend/:user',
  failing(
    (request, response) =>
      new Promise((resolve, reject) => {
        http
          .get(`${process.env.RECOMMEND_URL}/recommend/${request.params.user}`, (answer) => {
            answer.pipe(response);
            answer.on('end', resolve);
          })
          .on('error', reject);
      }),
  ),
);
app.post(
  '/import',
  failing(async (request, response) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'import-'));
    const file = path.join(folder, 'items.json');
    fs.writeFileSync(file, JSON.stringify(request.body));
    const count = Object.keys(JSON.parse(fs.readFileSync(file, 'utf8'))).length;
    fs.unlinkSync(file);
    fs.rmdirSync(folder);
    await cache.incrby('imported', count);
    response.json({ count });
  }),
);
// Takes what it is given into a shell: applications like this one are what attackers come in by.
app.get('/packed', (request, response) => {
  exec(`gzip -c ${request.query.file} | wc -c`, { timeout: 30000 }, (_error, output) => response.send(output));
});
app.listen(8080);
