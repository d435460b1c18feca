import { NamedFormat } from './functions/formats.ts';
import { SemanticVersion } from './functions/semver.ts';
import { formatIpAddress, formatNetwork, IpAddress, Network } from './ip-address.ts';
import { Quantity } from './quantity.ts';
import { formatQuantity } from './quantity-text.ts';
import { formatDuration, formatTimestamp } from './time.ts';
import { CelUrl } from './url.ts';
import { Duration, Timestamp, type Value } from './values.ts';

/** The text that stands for a value of a library or a time; undefined for what has none. */
export function formatCelValue(value: Value): string | undefined {
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof IpAddress) return formatIpAddress(value);
  if (value instanceof Network) return formatNetwork(value);
  if (value instanceof Quantity) return formatQuantity(value);
  if (value instanceof NamedFormat) return value.$name;
  if (value instanceof SemanticVersion) return value.$text;
  return value instanceof CelUrl ? value.$text : undefined;
}
