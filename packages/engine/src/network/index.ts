export { type AddressSpan, holdsPublic, parseAddress } from './address.ts';
export { digest } from './digest.ts';
export { finderOf } from './find-by-labels.ts';
export { isController } from './gate-controllers.ts';
export { declaredPorts, type PortRange } from './ports.ts';
export { exposuresByDesign, type ReachabilityFacts, reachabilityOf, type Ways } from './reachability.ts';
export { InvalidPolicy, parseSelector, type Selector, selects } from './selector.ts';
export { type Backend, backendsOf, type Service, serviceNamed, servicesOf } from './services.ts';
export { unevaluatedPolicies } from './unevaluated-policies.ts';
