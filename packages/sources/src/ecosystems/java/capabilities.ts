import type { Capabilities } from '../ecosystem.ts';
import { EXAMPLE_ARCHIVE } from './example-archive.ts';

/** What is claimed of Java; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    '**/*.{jar,war,ear,sar,par,lpkg,jpi,hpi,kar,far} and those inside them, twelve deep',
    '**/pom.xml',
    '**/gradle.lockfile',
    '**/verification-metadata.xml',
  ],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Archives above 48 MiB, and archives packed in others that unpack to more than 32 MiB: they are an unknown.',
    'Code shaded into an archive without its pom.properties.',
    'What archives without pom.properties are is guessed from their manifest or their name, and said to be.',
    'Versions that the parent of a pom.xml or an imported list would say: such dependencies have none.',
    'Dependencies of the dependencies of a pom.xml.',
  ],
  examples: [
    {
      title: 'a pom.xml with properties, its own managed versions and a dependency of tests',
      files: {
        'app/pom.xml': [
          '<project><version>1.0</version><properties><a.version>2.0</a.version></properties>',
          '<dependencyManagement><dependencies><dependency><groupId>org.example</groupId><artifactId>b</artifactId>',
          '<version>3.0</version></dependency></dependencies></dependencyManagement><dependencies>',
          `<dependency><groupId>org.example</groupId><artifactId>a</artifactId><version>\${a.version}</version></dependency>`,
          '<dependency><groupId>org.example</groupId><artifactId>b</artifactId></dependency>',
          '<dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13</version><scope>test</scope>',
          '</dependency></dependencies></project>',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:maven/org.example/a@2.0', scope: 'locked' },
        { purl: 'pkg:maven/org.example/b@3.0', scope: 'locked' },
        { purl: 'pkg:maven/junit/junit@4.13', scope: 'locked' },
      ],
    },
    {
      title: 'a lock file of Gradle',
      files: { 'app/gradle.lockfile': '# comment\norg.slf4j:slf4j-api:1.7.36=runtimeClasspath\nempty=\n' },
      expected: [{ purl: 'pkg:maven/org.slf4j/slf4j-api@1.7.36', scope: 'locked' }],
    },
    {
      title: 'a jar with a shaded artifact and another jar inside',
      files: { 'opt/app.jar': EXAMPLE_ARCHIVE },
      expected: [
        { purl: 'pkg:maven/org.example/app@1.0', files: ['/opt/app.jar'], scope: 'installed' },
        { purl: 'pkg:maven/org.shaded/lib@3.1', files: ['/opt/app.jar'], scope: 'installed' },
        { purl: 'pkg:maven/org.example/inner@2.0', files: ['/opt/app.jar'], scope: 'installed' },
      ],
    },
  ],
};
