import type { Capabilities } from '../ecosystem.ts';
import { exampleAssembly } from './example-assembly.ts';

/** What is claimed of .NET; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    '**/*.deps.json',
    '**/packages.lock.json',
    '**/project.assets.json',
    '**/packages.config',
    '**/Directory.Packages.props',
    'assemblies (*.dll, *.exe) that no .deps.json accounts for, by their version resource',
  ],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Advisories of the program itself and of its projects: they are listed, and never matched.',
    'Packages of which a program ships no file, where its .deps.json tells.',
    'References of an assembly to others: they say what it was compiled against, not what is there.',
    'Programs published as one file: what is packed into them is not read.',
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
      expected: [
        { purl: 'pkg:nuget/web@1.0.0', scope: 'installed' },
        { purl: 'pkg:nuget/Newtonsoft.Json@13.0.1', files: ['/app/Newtonsoft.Json.dll'], scope: 'installed' },
      ],
    },
    {
      title: 'an assembly on its own',
      files: {
        'opt/tool/Json.dll': exampleAssembly({
          OriginalFilename: 'Newtonsoft.Json.dll',
          ProductVersion: '13.0.1+ae9fe44',
        }),
      },
      expected: [{ purl: 'pkg:nuget/Newtonsoft.Json@13.0.1', files: ['/opt/tool/Json.dll'], scope: 'installed' }],
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
