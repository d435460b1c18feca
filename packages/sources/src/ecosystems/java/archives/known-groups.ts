/**
 * Groups of artifacts whose archives often do not state them (what Gradle and Ant build has no pom.properties), with
 * their names; one that ends in `*` is how names begin, the longest counts. Of artifacts that moved, the group that most
 * advisories are of.
 */
const GROUPS: Readonly<Record<string, string>> = {
  'org.springframework': [
    'spring spring-aop spring-aspects spring-beans spring-context spring-context-* spring-core spring-expression',
    'spring-instrument spring-jcl spring-jdbc spring-jms spring-messaging spring-orm spring-oxm spring-r2dbc spring-test',
    'spring-tx spring-web spring-webflux spring-webmvc spring-webmvc-portlet spring-websocket spring-framework-bom',
  ].join(' '),
  'org.springframework.amqp': 'spring-amqp spring-rabbit spring-rabbit-*',
  'org.springframework.batch': 'spring-batch-*',
  'org.springframework.boot': 'spring-boot spring-boot-*',
  'org.springframework.cloud': 'spring-cloud-*',
  'org.springframework.data': 'spring-data-*',
  'org.springframework.graphql': 'spring-graphql',
  'org.springframework.hateoas': 'spring-hateoas',
  'org.springframework.integration': 'spring-integration-*',
  'org.springframework.kafka': 'spring-kafka spring-kafka-test',
  'org.springframework.ldap': 'spring-ldap-*',
  'org.springframework.plugin': 'spring-plugin-*',
  'org.springframework.restdocs': 'spring-restdocs-*',
  'org.springframework.retry': 'spring-retry',
  'org.springframework.security': 'spring-security-*',
  'org.springframework.security.oauth': 'spring-security-oauth spring-security-oauth2',
  'org.springframework.session': 'spring-session-*',
  'org.springframework.social': 'spring-social-*',
  'org.springframework.webflow': 'spring-webflow spring-binding spring-js spring-faces',
  'org.springframework.ws': 'spring-ws-* spring-xml',
  antlr: 'antlr',
  'ch.qos.logback': 'logback-*',
  'com.fasterxml.jackson.core': 'jackson-core jackson-databind jackson-annotations',
  'com.fasterxml.jackson.dataformat': 'jackson-dataformat-*',
  'com.fasterxml.jackson.datatype': 'jackson-datatype-*',
  'com.fasterxml.jackson.module': 'jackson-module-*',
  'com.fasterxml.woodstox': 'woodstox-core',
  'com.github.luben': 'zstd-jni',
  'com.google.code.gson': 'gson',
  'com.google.guava': 'guava failureaccess listenablefuture',
  'com.google.protobuf': 'protobuf-java protobuf-java-util protobuf-kotlin protobuf-javalite',
  'com.h2database': 'h2',
  'com.hazelcast': 'hazelcast hazelcast-*',
  'com.jayway.jsonpath': 'json-path',
  'com.mchange': 'c3p0 mchange-commons-java',
  'com.microsoft.sqlserver': 'mssql-jdbc',
  'com.mysql': 'mysql-connector-j',
  'com.nimbusds': 'nimbus-jose-jwt oauth2-oidc-sdk',
  'com.squareup.okhttp3': 'okhttp okhttp-* logging-interceptor mockwebserver',
  'com.squareup.okio': 'okio okio-*',
  'com.squareup.retrofit2': 'retrofit',
  'com.thoughtworks.xstream': 'xstream',
  'com.typesafe.akka': 'akka-*',
  'com.zaxxer': 'HikariCP',
  'commons-beanutils': 'commons-beanutils commons-beanutils-core',
  'commons-codec': 'commons-codec',
  'commons-collections': 'commons-collections',
  'commons-configuration': 'commons-configuration',
  'commons-dbcp': 'commons-dbcp',
  'commons-digester': 'commons-digester',
  'commons-fileupload': 'commons-fileupload',
  'commons-httpclient': 'commons-httpclient',
  'commons-io': 'commons-io',
  'commons-jxpath': 'commons-jxpath',
  'commons-lang': 'commons-lang',
  'commons-logging': 'commons-logging',
  'commons-net': 'commons-net',
  'commons-pool': 'commons-pool',
  'commons-validator': 'commons-validator',
  dom4j: 'dom4j',
  'io.grpc': 'grpc-*',
  'io.ktor': 'ktor-*',
  'io.micrometer': 'micrometer-*',
  'io.micronaut': 'micronaut-*',
  'io.netty': 'netty netty-*',
  'io.perfmark': 'perfmark-api',
  'io.projectreactor': 'reactor-core',
  'io.projectreactor.netty': 'reactor-netty reactor-netty-*',
  'io.undertow': 'undertow-*',
  'io.vertx': 'vertx-*',
  log4j: 'log4j',
  mysql: 'mysql-connector-java',
  'net.java.dev.jna': 'jna jna-platform',
  'net.minidev': 'json-smart accessors-smart',
  'net.sf.ehcache': 'ehcache ehcache-core',
  'org.apache.activemq': 'activemq-* artemis-*',
  'org.apache.ant': 'ant ant-*',
  'org.apache.camel': 'camel-*',
  'org.apache.commons':
    'commons-compress commons-text commons-lang3 commons-collections4 commons-configuration2 commons-email commons-dbcp2 commons-pool2 commons-csv commons-imaging commons-vfs2 commons-math3 commons-exec',
  'org.apache.cxf': 'cxf-*',
  'org.apache.derby': 'derby derbyclient derbynet',
  'org.apache.hadoop': 'hadoop-*',
  'org.apache.hbase': 'hbase-*',
  'org.apache.hive': 'hive-*',
  'org.apache.httpcomponents': 'httpclient httpcore httpmime httpasyncclient httpcore-nio fluent-hc httpclient-cache',
  'org.apache.kafka': 'kafka-* kafka_* connect-*',
  'org.apache.logging.log4j': 'log4j-*',
  'org.apache.lucene': 'lucene-*',
  'org.apache.pdfbox': 'pdfbox pdfbox-tools fontbox',
  'org.apache.poi': 'poi poi-*',
  'org.apache.shiro': 'shiro-*',
  'org.apache.solr': 'solr-*',
  'org.apache.spark': 'spark-*',
  'org.apache.struts': 'struts2-*',
  'org.apache.tika': 'tika-*',
  'org.apache.tomcat': 'tomcat-*',
  'org.apache.tomcat.embed': 'tomcat-embed-*',
  'org.apache.velocity': 'velocity velocity-engine-core',
  'org.apache.xmlgraphics': 'batik-* fop xmlgraphics-commons',
  'org.apache.zookeeper': 'zookeeper zookeeper-jute',
  'org.aspectj': 'aspectjrt aspectjweaver aspectjtools',
  'org.bouncycastle': 'bcprov-* bcpkix-* bcpg-* bcmail-* bctls-* bcutil-* bctsp-* bc-fips',
  'org.checkerframework': 'checker-qual checker-compat-qual',
  'org.codehaus.groovy': 'groovy groovy-*',
  'org.codehaus.woodstox': 'woodstox-core-asl stax2-api',
  'org.eclipse.jetty': 'jetty-*',
  'org.elasticsearch': 'elasticsearch elasticsearch-*',
  'org.freemarker': 'freemarker',
  'org.hibernate': 'hibernate-core hibernate-entitymanager hibernate-c3p0 hibernate-ehcache hibernate-envers',
  'org.hibernate.common': 'hibernate-commons-annotations',
  'org.hibernate.validator': 'hibernate-validator hibernate-validator-*',
  'org.hsqldb': 'hsqldb',
  'org.infinispan': 'infinispan-*',
  'org.jetbrains.kotlin': 'kotlin-*',
  'org.jetbrains.kotlinx': 'kotlinx-*',
  'org.jsoup': 'jsoup',
  'org.keycloak': 'keycloak-*',
  'org.lz4': 'lz4-java',
  'org.mariadb.jdbc': 'mariadb-java-client',
  'org.opensearch': 'opensearch opensearch-*',
  'org.postgresql': 'postgresql',
  'org.quartz-scheduler': 'quartz quartz-jobs',
  'org.reactivestreams': 'reactive-streams',
  'org.scala-lang': 'scala-library scala-reflect scala-compiler scala3-library_3',
  'org.scala-lang.modules': 'scala-collection-compat_* scala-java8-compat_* scala-parser-combinators_* scala-xml_*',
  'org.slf4j': 'slf4j-* jcl-over-slf4j jul-to-slf4j log4j-over-slf4j',
  'org.xerial.snappy': 'snappy-java',
  'org.yaml': 'snakeyaml',
  xalan: 'xalan serializer',
  xerces: 'xercesImpl',
  'xml-apis': 'xml-apis',
  xmlpull: 'xmlpull',
  xpp3: 'xpp3 xpp3_min',
};

const EXACT = new Map<string, string>();
const BEGINNINGS = new Map<string, string>();
for (const [group, names] of Object.entries(GROUPS)) {
  for (const name of names.split(' ')) {
    if (name.endsWith('*')) BEGINNINGS.set(name.slice(0, -1), group);
    else EXACT.set(name, group);
  }
}

/** The group of an artifact that is widely known by its name. */
export function knownGroup(artifact: string): string | undefined {
  const exact = EXACT.get(artifact);
  if (exact !== undefined) return exact;
  for (let end = artifact.length; end > 0; end--) {
    if (!'-_'.includes(artifact[end - 1]!)) continue;
    const group = BEGINNINGS.get(artifact.slice(0, end));
    if (group !== undefined) return group;
  }
  return undefined;
}

/** Archives that a server calls otherwise than the repositories do. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['Apache Tomcat/catalina', 'tomcat-catalina'],
  ['Apache Tomcat/catalina-ant', 'tomcat-catalina-ant'],
  ['Apache Tomcat/catalina-ha', 'tomcat-catalina-ha'],
  ['Apache Tomcat/jasper', 'tomcat-jasper'],
  ['Apache Tomcat/jasper-el', 'tomcat-jasper-el'],
]);

/** Older bundles of Spring: `org.springframework.core`. */
const SPRING_BUNDLE = /^org\.springframework\.([a-z]+)$/;

/** The artifact of an archive whose file may be called otherwise; the name of its file where nothing else is known. */
export function artifactOfFile(title: string, symbolicName: string, file: string): string {
  const spring = SPRING_BUNDLE.exec(symbolicName);
  return RENAMED.get(`${title}/${file}`) ?? (spring === null ? file : `spring-${spring[1]}`);
}
