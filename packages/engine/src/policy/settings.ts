import type { Json, Policy, Setting, Unknown } from '@breakwater/model';
import type { CompiledPolicy } from './compiled-policy.ts';
import { nameMatches } from './match.ts';

const PHASES = ['build', 'deploy', 'run'] as const;

/**
 * The policies as settings change them, in the order of the settings. A setting at fault (one that no policy is meant by,
 * a parameter that a policy does not have or that is of another type, a phase that it is not judged in) is told with its
 * place, and what is right of it counts.
 */
export function applySettings(
  policies: readonly CompiledPolicy[],
  settings: readonly Setting[],
): { policies: CompiledPolicy[]; unknowns: Unknown[] } {
  const unknowns: Unknown[] = [];
  let current = [...policies];
  for (const setting of settings) {
    for (const [index, name] of setting.spec.policies.entries()) {
      const isMeant = ({ policy }: CompiledPolicy): boolean => nameMatches(policy.metadata.name, [name]);
      const report = (pointer: (string | number)[], message: string): void => {
        const place = { source: setting.metadata.name, ...setting.place, pointer: ['spec', ...pointer] };
        unknowns.push({ code: 'setting-invalid', message: `setting ${setting.metadata.name}: ${message}`, place });
      };
      if (!current.some(isMeant)) report(['policies', index], `there is no policy ${name}`);
      /* Of policies meant by a pattern each takes what it has. */
      const fault = name.endsWith('*') ? (): void => {} : report;
      current = current.map((compiled) => (isMeant(compiled) ? change(compiled, setting, fault) : compiled));
    }
  }
  return { policies: current, unknowns };
}

type Fault = (pointer: (string | number)[], message: string) => void;

function change(compiled: CompiledPolicy, { spec }: Setting, fault: Fault): CompiledPolicy {
  const { policy } = compiled;
  const enforcement: Policy['spec']['enforcement'] = { ...policy.spec.enforcement };
  for (const phase of PHASES) {
    const wanted = spec.enforcement?.[phase];
    if (wanted === undefined) continue;
    if (policy.spec.phases.includes(phase)) enforcement[phase] = wanted;
    else fault(['enforcement', phase], `policy ${policy.metadata.name} is not judged in ${phase}`);
  }
  const params = { ...compiled.params };
  for (const [name, value] of Object.entries(spec.params ?? {})) {
    const usual = Object.hasOwn(params, name) ? params[name] : undefined;
    if (usual === undefined) fault(['params', name], `policy ${policy.metadata.name} has no parameter ${name}`);
    else if (typeOf(usual) === typeOf(value)) params[name] = value;
    else fault(['params', name], `parameter ${name} is ${typeOf(usual)}, not ${typeOf(value)}`);
  }
  const changed = { ...policy, spec: { ...policy.spec, enforcement } };
  return { ...compiled, policy: changed, params: compiled.params && params };
}

const typeOf = (value: Json): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `a ${typeof value}`;
