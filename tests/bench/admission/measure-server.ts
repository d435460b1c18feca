import { subscribe } from 'node:diagnostics_channel';
import { createHistogram, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';

/** What a server measured of itself since it was last asked, in milliseconds. */
export interface ServerFigures {
  /** From the head of a request to the last byte of its answer being handed to the system. */
  service: Quantiles;
  /** By how much the thread that listens was late. */
  lag: Quantiles;
  /** Collections of garbage: how many, together, and the longest, in each thread. */
  pauses: { thread: string; count: number; sum: number; most: number }[];
}

export interface Quantiles {
  p50: number;
  p99: number;
  p999: number;
  most: number;
}

/** What Node tells of a request and its answer. */
interface Exchanged {
  request: { [BEGUN]?: number };
}

// Loaded into the server before its own code: by what Node tells of it, so that nothing of it is other than it is.
const PAUSES = 'breakwater-bench-pauses';
const BEGUN = Symbol('begun');
const channel = new BroadcastChannel(PAUSES);
channel.unref();

new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) {
    if (isMainThread) countPause('listener', duration);
    else channel.postMessage({ thread: `thread ${threadId}`, duration });
  }
}).observe({ entryTypes: ['gc'] });

const pauses = new Map<string, { thread: string; count: number; sum: number; most: number }>();

function countPause(thread: string, duration: number): void {
  const known = pauses.get(thread) ?? { thread, count: 0, sum: 0, most: 0 };
  const { count, sum, most } = known;
  pauses.set(thread, { thread, count: count + 1, sum: sum + duration, most: Math.max(most, duration) });
}

if (isMainThread) measureListener();

function measureListener(): void {
  const service = createHistogram();
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  subscribe('http.server.request.start', (message) => {
    (message as Exchanged).request[BEGUN] = performance.now();
  });
  subscribe('http.server.response.finish', (message) => {
    const { [BEGUN]: start = Number.NaN } = (message as Exchanged).request;
    service.record(Math.max(1, Math.round((performance.now() - start) * 1e6)));
  });
  channel.onmessage = (event) => {
    const { thread, duration } = (event as { data: { thread: string; duration: number } }).data;
    countPause(thread, duration);
  };
  process.on('message', () => {
    const figures: ServerFigures = { service: quantiles(service), lag: quantiles(lag), pauses: [...pauses.values()] };
    for (const histogram of [service, lag]) histogram.reset();
    pauses.clear();
    process.send?.(figures);
  });
  process.channel?.unref();
}

function quantiles(histogram: { percentile(share: number): number; max: number }): Quantiles {
  const at = (share: number) => histogram.percentile(share) / 1e6;
  return { p50: at(50), p99: at(99), p999: at(99.9), most: histogram.max / 1e6 };
}
