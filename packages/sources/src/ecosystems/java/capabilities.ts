import type { Capabilities } from '../ecosystem.ts';
import { EXAMPLE_ARCHIVE } from './archives/example-archive.ts';

/** What is claimed of Java; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    '**/*.{jar,war,ear,sar,par,lpkg,jpi,hpi,kar,far} and those inside them, twelve deep',
    '**/META-INF/maven/*/*/pom.properties of unpacked archives',
    '**/pom.xml, with parents, lists and dependencies from the tree and from local repositories in it (**/*.pom)',
    '**/{,buildscript-}gradle.lockfile',
    '**/*.versions.toml, the versions that a catalogue of Gradle pins',
    '**/build.sbt.lock',
    '**/verification-metadata.xml',
  ],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: [
    'Archives packed in others that unpack to more than 32 MiB: they are an unknown.',
    'Code shaded into an archive without its pom.properties.',
    'What archives without pom.properties and pom.xml are is guessed from their place, their manifest, their name and the packages of their classes, and said to be; their SHA-1 is kept.',
    'Whatever poms say that are neither in the tree nor in a local repository in it: it is an unknown at the project.',
    'Profiles of a pom.xml that are not active by default.',
    'Of versions that a range allows all but the lowest.',
  ],
  examples: [
    {
      title: 'a pom.xml with properties, managed versions, a dependency of tests, and what a local repository adds',
      files: {
        'app/pom.xml': [
          '<project><groupId>org.example</groupId><artifactId>app</artifactId><version>1.0</version><properties><a.version>2.0</a.version></properties>',
          '<dependencyManagement><dependencies><dependency><groupId>org.example</groupId><artifactId>b</artifactId>',
          '<version>3.0</version></dependency></dependencies></dependencyManagement><dependencies>',
          `<dependency><groupId>org.example</groupId><artifactId>a</artifactId><version>\${a.version}</version></dependency>`,
          '<dependency><groupId>org.example</groupId><artifactId>b</artifactId></dependency>',
          '<dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13</version><scope>test</scope>',
          '</dependency></dependencies></project>',
        ].join('\n'),
        'root/.m2/repository/org/example/a/2.0/a-2.0.pom': [
          '<project><groupId>org.example</groupId><artifactId>a</artifactId><version>2.0</version>',
          '<licenses><license><name>MIT</name></license></licenses><dependencies>',
          '<dependency><groupId>org.example</groupId><artifactId>b</artifactId><version>2.9</version></dependency>',
          '<dependency><groupId>org.example</groupId><artifactId>c</artifactId><version>4.0</version></dependency>',
          '</dependencies></project>',
        ].join('\n'),
        'root/.m2/repository/org/example/b/3.0/b-3.0.pom': '<project><artifactId>b</artifactId></project>',
        'root/.m2/repository/org/example/c/4.0/c-4.0.pom': '<project><artifactId>c</artifactId></project>',
      },
      expected: [
        { purl: 'pkg:maven/org.example/app@1.0', scope: 'locked' },
        { purl: 'pkg:maven/org.example/a@2.0', scope: 'locked', licences: ['MIT'] },
        { purl: 'pkg:maven/org.example/b@3.0', scope: 'locked' },
        { purl: 'pkg:maven/org.example/c@4.0', scope: 'locked' },
        { purl: 'pkg:maven/junit/junit@4.13', scope: 'locked' },
      ],
    },
    {
      title: 'a lock file of Gradle',
      files: { 'app/gradle.lockfile': '# comment\norg.slf4j:slf4j-api:1.7.36=runtimeClasspath\nempty=\n' },
      expected: [{ purl: 'pkg:maven/org.slf4j/slf4j-api@1.7.36', scope: 'locked' }],
    },
    {
      title: 'a catalogue of Gradle, without what it leaves open',
      files: {
        'app/gradle/libs.versions.toml': [
          '[versions]',
          'slf4j = "1.7.36"',
          'open = "[1.0,2.0)"',
          '[libraries]',
          'api = { module = "org.slf4j:slf4j-api", version.ref = "slf4j" }',
          'short = "org.example:a:1.0"',
          'parts = { group = "org.example", name = "b", version = { strictly = "2.0" } }',
          'range = { module = "org.example:c", version.ref = "open" }',
          'managed = { module = "org.example:d" }',
          '[plugins]',
          'shadow = { id = "com.example.shadow", version = "8.1.1" }',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:maven/org.slf4j/slf4j-api@1.7.36', scope: 'locked' },
        { purl: 'pkg:maven/org.example/a@1.0', scope: 'locked' },
        { purl: 'pkg:maven/org.example/b@2.0', scope: 'locked' },
        { purl: 'pkg:maven/com.example.shadow/com.example.shadow.gradle.plugin@8.1.1', scope: 'locked' },
      ],
    },
    {
      title: 'an application that its server unpacked',
      files: {
        'srv/webapps/shop/META-INF/maven/org.example/shop/pom.properties':
          'groupId=org.example\nartifactId=shop\nversion=1.2\n',
        'srv/webapps/shop/META-INF/maven/org.example/shop/pom.xml': '<project><artifactId>shop</artifactId></project>',
      },
      expected: [{ purl: 'pkg:maven/org.example/shop@1.2', scope: 'installed' }],
    },
    {
      title: 'a lock file of sbt',
      files: {
        'app/build.sbt.lock':
          '{"lockVersion":1,"dependencies":[{"org":"org.typelevel","name":"cats-core_2.12","version":"2.9.0","configurations":["compile"]}]}',
      },
      expected: [{ purl: 'pkg:maven/org.typelevel/cats-core_2.12@2.9.0', scope: 'locked' }],
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
