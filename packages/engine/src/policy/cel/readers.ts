type Read = (from: Readonly<Record<string, unknown>>) => unknown;

/**
 * Readers of the variables that policies use. Each is code of its own, so that the engine remembers where its field lies;
 * code that reads whatever name it is given has to look it up every time: a tenth of the time that policies take.
 */
const READERS: Readonly<Record<string, Read>> = {
  object: (from) => from['object'],
  workload: (from) => from['workload'],
  containers: (from) => from['containers'],
  variables: (from) => from['variables'],
  params: (from) => from['params'],
  estate: (from) => from['estate'],
  grants: (from) => from['grants'],
  exposure: (from) => from['exposure'],
  network: (from) => from['network'],
  permissions: (from) => from['permissions'],
  tenancy: (from) => from['tenancy'],
  c: (from) => from['c'],
  item: (from) => from['item'],
  key: (from) => from['key'],
  pod: (from) => from['pod'],
  template: (from) => from['template'],
  role: (from) => from['role'],
};

/** Reads a variable by its name. */
export const readerOf = (name: string): Read =>
  (Object.hasOwn(READERS, name) ? READERS[name] : undefined) ?? ((from) => from[name]);
