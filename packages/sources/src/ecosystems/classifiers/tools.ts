import type { Classifier } from './classifier.ts';

/** Shells, tools and libraries. */
export const TOOLS: Classifier[] = [
  {
    name: 'busybox',
    products: ['busybox:busybox'],
    file: /^(?:busybox[\w.-]*|\[|sh|ash)$/,
    marks: [{ near: 'BusyBox v', pattern: /BusyBox v(\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'bash',
    products: ['gnu:bash'],
    file: /^bash$/,
    marks: [{ near: '@(#)Bash version ', pattern: /@\(#\)Bash version (\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'aws-lc',
    products: ['amazon:aws-lc'],
    file: /^(?:openssl|lib(?:crypto|ssl)\.so[\w.]*)$/,
    marks: [{ near: 'AWS-LC ', pattern: /AWS-LC (\d+\.\d+\.\d+)\)/ }],
  },
  {
    name: 'openssl',
    products: ['openssl:openssl'],
    file: /^(?:openssl|lib(?:crypto|ssl)\.so[\w.]*)$/,
    marks: [{ near: 'OpenSSL ', pattern: /\0OpenSSL (\d\.\d\.\d{1,2}[a-z]{0,2}) {1,2}\d{1,2} [A-Z][a-z]{2} \d{4}/ }],
  },
  {
    name: 'gzip',
    products: ['gnu:gzip'],
    file: /^gzip$/,
    marks: [{ near: 'method  crc     date', pattern: /\0(\d+\.\d+)\0%s %s\n\0method {2}crc/ }],
  },
  {
    name: 'xz',
    products: ['tukaani:xz'],
    file: /^xz$/,
    marks: [{ near: 'xz (XZ Utils) ', pattern: /xz \(XZ Utils\) (\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'zstd',
    products: ['facebook:zstandard'],
    file: /^zstd$/,
    marks: [{ near: '\0Zstandard CLI', pattern: /\0v(\d+\.\d+\.\d+)\0Zstandard CLI/ }],
  },
  {
    name: 'jq',
    products: ['jqlang:jq', 'jq_project:jq'],
    file: /^jq$/,
    marks: [{ near: '\0DEBUG:\0', pattern: /\0(\d+\.\d+(?:\.\d+)?)\0DEBUG:\0/ }],
  },
  {
    name: 'util-linux',
    products: ['kernel:util-linux'],
    file: /^getopt$/,
    marks: [{ near: '\0util-linux ', pattern: /\0util-linux (\d+\.\d+(?:\.\d+)?)\0/ }],
  },
  {
    name: 'krb5',
    products: ['mit:kerberos_5'],
    file: /^libkrb5\.so[\w.]*$/,
    marks: [{ near: 'KRB5_BRAND: ', pattern: /KRB5_BRAND: krb5-(\d+\.\d+(?:\.\d+)?)-final/ }],
  },
  {
    name: 'heimdal-krb5',
    products: ['heimdal_project:heimdal'],
    file: /^libkrb5\.so[\w.]*$/,
    marks: [{ near: '$Version: Heimdal ', pattern: /\$Version: Heimdal (\d+\.\d+\.\d+) \$/ }],
  },
  {
    name: 'sqlcipher',
    products: ['zetetic:sqlcipher'],
    file: /^sqlcipher$/,
    marks: [{ near: '\0community\0', pattern: /\0community\0(\d+\.\d+\.\d+)\0/ }],
  },
  {
    name: 'ffmpeg',
    products: ['ffmpeg:ffmpeg'],
    file: /^(?:ffmpeg|ffprobe|lib(?:av\w+|sw\w+)[\w-]*\.so[\w.]*)$/,
    marks: [
      { near: 'FFmpeg version ', pattern: /FFmpeg version (\d+\.\d+(?:\.\d+)?)/ },
      { near: '\0%s version ', pattern: /\0%s version (\d+\.\d+(?:\.\d+)?)/ },
    ],
  },
  {
    name: 'qtbase',
    products: ['qt:qt'],
    file: /^libQt\d?Core\.so[\w.]*$/,
    marks: [
      { near: '\0Qt ', pattern: /\0Qt (\d+\.\d+\.\d+) \(/ },
      { near: 'QtCore library version ', pattern: /QtCore library version (\d+\.\d+\.\d+)/ },
    ],
  },
  {
    name: 'chrome',
    products: ['google:chrome'],
    file: /^chrome$/,
    marks: [{ near: '\0Videos\0', pattern: /\0Videos\0(\d+\.\d+\.\d+\.\d+)\0/ }],
  },
];
