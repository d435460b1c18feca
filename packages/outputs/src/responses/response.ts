import type { Json } from '@breakwater/model';
import type { z } from 'zod';

/** An answer of an API server, whatever its status. */
export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** The API server of one cluster. Rejects with UpstreamError where no answer comes. */
export interface ClusterApi {
  /** Name of its context. */
  name: string;
  ask(method: string, path: string, body?: object, contentType?: string): Promise<ApiAnswer>;
}

/** What a response acts through. */
export interface ResponsePorts {
  /** Absent where none was named: responses to clusters then refuse. */
  cluster?: ClusterApi | undefined;
  /** Where files are put. */
  folder: string;
  now(): Date;
}

/** What is acted on: what limits count by, and what is protected from them. */
export interface ResponseTarget {
  kind: 'process' | 'container' | 'pod' | 'workload' | 'node';
  cluster?: string;
  namespace?: string;
  name: string;
  /** Labels of the object, where it has some. */
  labels?: Record<string, string>;
  /** When it came to be, ISO 8601, where a later one may have its name. */
  since?: string;
}

/** What would be done. Nothing was yet. */
export interface ResponsePlan {
  target: ResponseTarget;
  /** Sentences, in the order in which it is done. */
  steps: string[];
  /** What else comes of it, and what it does not do. */
  effects: string[];
  /** Whether it can be taken back. */
  reversible: boolean;
  /** How the target is known again: what is there when it is done must be the same. */
  state: Json;
}

/** What was done. */
export interface ResponseOutcome {
  done: string[];
  /** What undoing takes; absent where it cannot be undone. */
  undo?: Json;
}

/** A kind of response, with its configuration checked. */
export interface ResponseKind {
  /** As it is typed: `kill-process`. */
  name: string;
  /** For lists in help. */
  summary: string;
  /** Whether something is gone after it, so that a second person may be asked. */
  destructive: boolean;
  /** Whether what is acted on does no more afterwards: an incident is contained by it. */
  contains: boolean;
  schema: z.ZodType;
  /** Looks at the target and says what would be done. @throws {UserError} where that is not possible */
  plan(config: unknown, ports: ResponsePorts): Promise<ResponsePlan>;
  /** Does what was planned, if the target is still the one of the plan. @throws {UserError} `target-changed` where it is not */
  execute(config: unknown, plan: ResponsePlan, ports: ResponsePorts): Promise<ResponseOutcome>;
  /** Takes back what can be; sentences of what was done. */
  undo?(state: Json, ports: ResponsePorts): Promise<string[]>;
}

/** A kind of response as it is written: with the type of its configuration. */
export interface ResponseDefinition<Config> extends Omit<ResponseKind, 'schema' | 'plan' | 'execute'> {
  schema: z.ZodType<Config>;
  plan(config: Config, ports: ResponsePorts): Promise<ResponsePlan>;
  execute(config: Config, plan: ResponsePlan, ports: ResponsePorts): Promise<ResponseOutcome>;
}

/** Checks configurations where they come in, so that kinds can stand in one list. */
export function defineResponse<Config>(definition: ResponseDefinition<Config>): ResponseKind {
  const { schema, plan, execute } = definition;
  return {
    ...definition,
    plan: async (config, ports) => await plan(schema.parse(config), ports),
    execute: async (config, planned, ports) => await execute(schema.parse(config), planned, ports),
  };
}
