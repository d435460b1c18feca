import type { SpecTest } from './spec-test.ts';

/** Suites about messages and enumerations of protobuf, and about the messages that wrap single values. */
const MESSAGE_SUITES = new Set(['enums', 'wrappers', 'proto2', 'proto3', 'proto2_ext']);

const TEST_MESSAGES = /TestAllTypes|NestedTestAll|TestRequired|enumValue/;
/** Values of bindings and results that are messages, but for times, which CEL has as types of its own. */
const MESSAGE_VALUES = /objectValue[^}]*(?<!Timestamp|Duration)"[,}]/;
const MESSAGE_NAMES = /google\.protobuf\.(?!Timestamp|Duration)|cel\.expr\.conformance\.(?:proto|Test)/;
const CONSTRUCTION = /\b[A-Z]\w*\{/;

/**
 * Whether a test needs messages of protobuf: it makes one, is given one, expects one, or names the type of one. There
 * are none where CEL judges JSON, in Kubernetes as here. This is the only rule by which tests are left out.
 */
export function needsMessages(suite: string, test: SpecTest): boolean {
  if (MESSAGE_SUITES.has(suite)) return true;
  if (CONSTRUCTION.test(test.expr) || MESSAGE_NAMES.test(test.expr)) return true;
  const text = JSON.stringify(test);
  return TEST_MESSAGES.test(text) || MESSAGE_VALUES.test(text) || /"wrapper"|"messageType"/.test(text);
}
