import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of .NET; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    '**/*.deps.json',
    '**/packages.lock.json',
    '**/project.assets.json',
    '**/packages.config',
    '**/Directory.Packages.props',
  ],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Projects of the program itself.',
    'Packages of which a program ships no file, where its .deps.json tells.',
    'Assemblies without a .deps.json: the version of an assembly is not that of its package.',
  ],
  examples: [
    {
      title: 'a published program with the library it ships',
      files: {
        'app/web.deps.json': JSON.stringify({
          runtimeTarget: { name: 'net8' },
          targets: {
            net8: {
              'web/1.0.0': { runtime: { 'web.dll': {} } },
              'Newtonsoft.Json/13.0.1': { runtime: { 'lib/netstandard2.0/Newtonsoft.Json.dll': {} } },
              'Microsoft.NETCore.Platforms/1.1.0': {},
            },
          },
          libraries: {
            'web/1.0.0': { type: 'project' },
            'Newtonsoft.Json/13.0.1': { type: 'package' },
            'Microsoft.NETCore.Platforms/1.1.0': { type: 'package' },
          },
        }),
        'app/Newtonsoft.Json.dll': 'assembly',
      },
      expected: [{ purl: 'pkg:nuget/Newtonsoft.Json@13.0.1', files: ['/app/Newtonsoft.Json.dll'], scope: 'installed' }],
    },
    {
      title: 'a lock file',
      files: {
        'src/packages.lock.json': JSON.stringify({
          dependencies: { net8: { Serilog: { type: 'Direct', resolved: '3.1.1' }, mine: { type: 'Project' } } },
        }),
      },
      expected: [{ purl: 'pkg:nuget/Serilog@3.1.1', scope: 'locked' }],
    },
    {
      title: 'what a restore wrote',
      files: {
        'obj/project.assets.json': JSON.stringify({ libraries: { 'Serilog/3.1.1': { type: 'package' } } }),
      },
      expected: [{ purl: 'pkg:nuget/Serilog@3.1.1', scope: 'locked' }],
    },
    {
      title: 'lists of older projects and of central versions',
      files: {
        'a/packages.config': '<packages><package id="jQuery" version="3.1.1"/></packages>',
        'b/Directory.Packages.props':
          '<Project><ItemGroup><PackageVersion Include="Serilog" Version="3.1.1"/></ItemGroup></Project>',
      },
      expected: [
        { purl: 'pkg:nuget/jQuery@3.1.1', scope: 'locked' },
        { purl: 'pkg:nuget/Serilog@3.1.1', scope: 'locked' },
      ],
    },
  ],
};
