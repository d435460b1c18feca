export { type CompiledProfile, type CompileProfilesOptions, compileProfiles } from './compile-profiles.ts';
export { type ReadProfile, type ReadProfiles, readProfiles } from './read-profiles.ts';
