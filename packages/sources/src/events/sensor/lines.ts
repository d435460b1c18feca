import type { LineReading } from '../shapes/index.ts';

const PROCESS = [
  ...['path', 'arguments', 'applet', 'pid', 'uid', 'workingDirectory', 'startTime', 'executionId'],
  ...['inImage', 'fileless', 'digest', 'capabilities'],
];

/** What is looked at in the lines of our sensor. */
export const LINES: LineReading = {
  reads: new Set([
    ...['source', 'time', 'type', 'node', 'process', 'file', 'peer', 'local', 'call', 'callArguments', 'count'],
    ...['failure', 'prevention', 'exitCode', 'lost', 'since', 'access', 'from', 'address', 'port', 'protocol', 'name'],
    ...PROCESS,
  ]),
  wholes: new Set(['alert', 'guards', 'usage', 'watch']),
  parts: new Map([
    ['parent', { reads: new Set(PROCESS) }],
    [
      'pod',
      {
        reads: new Set(['cluster', 'namespace', 'name', 'workload', 'workloadKind']),
        wholes: new Set(['labels']),
      },
    ],
    ['container', { reads: new Set(['id', 'name', 'image', 'imageDigest']) }],
  ]),
};
