import type { Unknown } from '@breakwater/model';

/** Whether an unknown leaves open who can talk to whom. */
export const isAboutNetwork = ({ code }: Unknown): boolean =>
  /^(network-|service-|port-|gateway-|ingress-|route-)|-network-policy/.test(code);
