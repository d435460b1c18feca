import type { RegistryOptions } from '@breakwater/sources/images';
import type { Invocation, Option } from './command.ts';

/** Options of every command that reads images. */
export const REGISTRY_OPTIONS = {
  platform: { type: 'string', value: 'OS/ARCH', help: 'Image of an index, such as linux/arm64 (default: all)' },
  'unsafe-plain-http': { type: 'boolean', help: 'Ask registries over plain http' },
  'unsafe-allow-private-addresses': { type: 'boolean', help: 'Let registries send us into other private networks' },
} satisfies Record<string, Option>;

/** How registries are asked, as the options of an invocation say. */
export const registryReading = ({ options }: Pick<Invocation, 'options'>): RegistryOptions => ({
  unsafePlainHttp: options['unsafe-plain-http'] === true,
  unsafeAllowPrivateAddresses: options['unsafe-allow-private-addresses'] === true,
});
