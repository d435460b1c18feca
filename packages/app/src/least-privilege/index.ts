export { type CompiledNetwork, compileNetwork } from './compile-network.ts';
