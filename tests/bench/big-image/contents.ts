/** One layer: what is done to the root file system, as shell with the root in `$ROOT` and a folder for caches in `$WORK`. */
export interface Stage {
  /** As a Dockerfile would say it. */
  createdBy: string;
  script: string;
}

const install = (...packages: string[]): Stage => ({
  createdBy: `RUN apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  script: `DEBIAN_FRONTEND=noninteractive chroot "$ROOT" apt-get install -y -q --no-install-recommends ${packages.join(' ')}`,
});

const NPM = {
  'react-scripts': '5.0.1',
  express: '4.17.1',
  gulp: '4.0.2',
  'aws-sdk': '2.1200.0',
  next: '12.3.4',
  mocha: '9.2.2',
  lodash: '4.17.20',
};

const MAVEN = [
  'org.springframework.boot:spring-boot-starter-web:2.6.1',
  'org.springframework.boot:spring-boot-starter-data-jpa:2.6.1',
  'org.apache.kafka:kafka-clients:2.8.0',
  'org.apache.logging.log4j:log4j-core:2.14.1',
  'org.elasticsearch.client:elasticsearch-rest-high-level-client:7.10.2',
  'org.apache.hadoop:hadoop-client-runtime:3.3.1',
  'io.netty:netty-all:4.1.68.Final',
  'org.postgresql:postgresql:42.2.23',
];

const GO = [
  'github.com/mikefarah/yq/v4@v4.30.8',
  'github.com/rakyll/hey@v0.1.4',
  'golang.org/x/tools/cmd/goimports@v0.24.0',
];

const PIP = [
  'django==3.2.5',
  'flask==2.0.1',
  'requests==2.25.1',
  'numpy==1.24.4',
  'cryptography==38.0.4',
  'pillow==9.5.0',
  'sqlalchemy==1.4.46',
  'celery==5.2.7',
];

/** The layers above the Debian base: about 900 Debian packages, and what people put beside them. */
export const STAGES: Stage[] = [
  install('openjdk-17-jdk-headless', 'maven', 'python3-pip', 'nodejs', 'npm', 'git'),
  install(
    ...['postgresql', 'nginx', 'apache2', 'php', 'php-cli', 'php-mysql', 'php-curl', 'composer', 'ruby-full', 'rails'],
    ...['docker.io', 'etcd-server', 'redis-server'],
  ),
  install('ffmpeg', 'imagemagick', 'ripgrep', 'fd-find', 'vim', 'build-essential', 'chromium'),
  {
    createdBy: 'RUN npm ci',
    script: `mkdir -p "$ROOT"/srv/app && cd "$ROOT"/srv/app
cat > package.json <<'END'
${JSON.stringify({ name: 'app', version: '1.0.0', private: true, dependencies: NPM })}
END
npm install --ignore-scripts --no-audit --no-fund --legacy-peer-deps --cache "$WORK"/npm`,
  },
  {
    createdBy: 'COPY lib /opt/service/lib',
    script: `mkdir -p "$ROOT"/opt/service/lib "$WORK"/maven && cd "$WORK"/maven
cat > pom.xml <<'END'
${pom(MAVEN)}
END
mvn -q -B -Dmaven.repo.local="$WORK"/maven/repository dependency:copy-dependencies -DoutputDirectory="$ROOT"/opt/service/lib
for module in ${GO.join(' ')}; do
  GOFLAGS="-p=1 -modcacherw" GOPATH="$WORK"/go GOBIN="$ROOT"/usr/local/bin GOCACHE="$WORK"/go-cache go install "$module"
done`,
  },
  {
    createdBy: 'RUN pip install --target /opt/tool -r requirements.txt',
    script: `python3 -m pip install -q --no-cache-dir --disable-pip-version-check --target "$ROOT"/opt/tool --python-version 3.11 --only-binary=:all: ${PIP.join(' ')}`,
  },
];

function pom(coordinates: string[]): string {
  const dependencies = coordinates.map((coordinate) => {
    const [group, artifact, version] = coordinate.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project><modelVersion>4.0.0</modelVersion><groupId>example</groupId><artifactId>service</artifactId>
<version>1</version><dependencies>${dependencies.join('')}</dependencies></project>`;
}
