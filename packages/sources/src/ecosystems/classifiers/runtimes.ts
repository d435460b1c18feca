import type { Classifier, Mark } from './classifier.ts';

const RELEASE_OF_JAVA = String.raw`(?!\d[\d.]{0,16}\+\d{1,8}-jvmci)(\d+(?:\.\d+){0,3}(?:_\d+)?(?:[+-][\w.+-]{1,64})?)`;
const JAVA = /^(?:java|javac|jdb)$/;

/** Java 8 and before of Oracle, which OpenJDK's name does not precede. */
const ORACLE_8: Mark = {
  near: '\0java\x001.',
  pattern: /(?<!openjdk)\0java\x001\.[5-8]\0(1\.[5-8]\.0_\d{1,3}-b\d{1,3})\0/,
};

/** Languages, their compilers and machines. */
export const RUNTIMES: Classifier[] = [
  {
    name: 'node',
    products: ['nodejs:node.js'],
    file: /^node(?:js)?$/,
    marks: [
      { near: 'node.js/v', pattern: /node\.js\/v(\d+\.\d+\.\d+)/ },
      { near: '\0node v', pattern: /\0node v(\d+\.\d+\.\d+)\0/ },
      { near: '\0moduleLoadList\0', pattern: /\0v(\d+\.\d+\.\d+)\0moduleLoadList\0/ },
      { near: '\0--enable-ssl2\0', pattern: /\0v(\d+\.\d+\.\d+)\0--enable-ssl2\0/ },
    ],
  },
  {
    name: 'deno',
    products: ['deno:deno'],
    file: /^deno$/,
    marks: [
      { near: 'Deno/', pattern: /Deno\/(\d+\.\d+\.\d+)/ },
      { near: 'release/v', pattern: /release\/v(\d+\.\d+\.\d+)/ },
      { near: 'release/v', pattern: /[0-9a-f]{40}(\d+\.\d+\.\d+)release\/v/ },
      { near: 'dlw', pattern: /[0-9a-f]{40}(\d+\.\d+\.\d+)dlw/ },
      { near: 'DENO_UNSTA', pattern: /\n(\d+\.\d+\.\d{1,2}?)[0-9a-f]{40}DENO_UNSTA/ },
    ],
  },
  {
    name: 'bun',
    products: ['bun:bun'],
    file: /^bun$/,
    marks: [{ near: 'Bun v', pattern: /Bun v(\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'python',
    products: ['python:python', 'python_software_foundation:python'],
    file: /^(?:python\d+(?:\.\d+)?|libpython\d[\w.]*\.so[\w.]*)$/,
    marks: [
      { near: '<prefix>/lib/pythonX.X', pattern: /\0(\d\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?)\0(?:strict\0)?<prefix>\/lib/ },
      { near: '%.80s (%.80s) %.', pattern: /\0(\d\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?)\0%\.80s \(%\.80s\)/ },
      {
        near: '/Modules/getbuildinfo.c',
        pattern: /\/Python-(\d\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\0\.\/Modules\/getbuildinfo\.c/,
      },
      { near: '\x003.', pattern: /\0(3\.1?\d\.\d{1,2}(?:(?:a|b|rc)\d{1,2})?\+?)\0/ },
    ],
  },
  {
    name: 'pypy',
    products: ['pypy:pypy'],
    file: /^libpypy[\w.-]*\.so[\w.]*$/,
    marks: [{ near: '[PyPy ', pattern: /\[PyPy (\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'perl',
    products: ['perl:perl'],
    file: /^perl(?:5[\d.]*)?$/,
    marks: [
      { near: '/perl5/', pattern: /\/perl5\/(?:site_perl\/)?(\d+\.\d+\.\d+)/ },
      { near: '/share/perl/', pattern: /\/share\/perl\/(\d+\.\d+\.\d+)\0/ },
    ],
  },
  {
    name: 'ruby',
    products: ['ruby-lang:ruby'],
    file: /^(?:ruby|libruby[\w.-]*\.so[\w.]*)$/,
    marks: [{ near: 'ruby ', pattern: /\0ruby (\d+\.\d+\.\d+(?:p\d+)?) \(/ }],
  },
  {
    name: 'php',
    products: ['php:php'],
    file: /^(?:php(?:-fpm|-cgi)?[\d.]*|libphp[\d.]*\.so)$/,
    marks: [{ near: 'X-Powered-By: PHP/', pattern: /X-Powered-By: PHP\/(\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'graalvm',
    products: ['oracle:graalvm'],
    purl: 'generic/oracle/graalvm',
    file: JAVA,
    marks: [{ near: '-jvmci-', pattern: /\0(\d+(?:\.\d+){0,3}\+\d+-jvmci-[\w.-]{1,32})\0/ }],
  },
  {
    name: 'openjdk',
    products: ['oracle:openjdk'],
    purl: 'generic/oracle/openjdk',
    file: JAVA,
    marks: [
      {
        near: '\0openjdk\0',
        pattern: new RegExp(`\\0openjdk\\0\\w{1,16}\\0{1,8}(?:0\\.0|1\\.\\d)\\0{1,8}${RELEASE_OF_JAVA}\\0`),
      },
      { near: '\0openjdk\0', pattern: new RegExp(`\\0${RELEASE_OF_JAVA}\\0{1,8}openjdk\\0`) },
    ],
  },
  {
    name: 'jre',
    products: ['oracle:jre'],
    purl: 'generic/oracle/jre',
    file: JAVA,
    marks: [
      ORACLE_8,
      { near: '\0java\0', pattern: new RegExp(`(?<!openjdk)\\0java\\x000\\.0\\0${RELEASE_OF_JAVA}\\0`) },
      { near: '\0java\0', pattern: new RegExp(`\\0${RELEASE_OF_JAVA}\\x000\\.0\\0java\\0`) },
    ],
  },
  {
    name: 'jdk',
    products: ['oracle:jdk'],
    purl: 'generic/oracle/jdk',
    file: /^(?:javac|jdb)$/,
    marks: [ORACLE_8],
  },
  {
    name: 'go',
    products: ['golang:go'],
    file: /^go(?:\.exe)?$/,
    marks: [{ near: '\0go1.', pattern: /\0go(1\.\d+(?:\.\d+)?(?:(?:beta|rc)\d+)?)\0/ }],
  },
  {
    name: 'rust',
    products: ['rust-lang:rust'],
    file: /^libstd-[0-9a-f]{16}\.(?:so|dylib)$/,
    marks: [
      { near: 'rustc version ', pattern: /rustc version (\d+\.\d+\.\d+)/ },
      { near: '#\x01\n', pattern: /#\x01\n[\s\S]{0,8}c (\d+\.\d+\.\d+) \([0-9a-f]{9} / },
    ],
  },
  {
    name: 'dart',
    products: ['dart:dart_software_development_kit'],
    file: /^dart$/,
    marks: [' (stable) (', ' (beta) (', ' (dev) ('].map((near) => ({
      near,
      pattern: /\0(\d+\.\d+\.\d+(?:-[\w.]{1,32})?) \((?:stable|beta|dev)\) \(/,
    })),
  },
  {
    name: 'erlang',
    products: ['erlang:erlang/otp'],
    file: /^(?:beam\.smp|erlexec|liberts_internal\.a)$/,
    marks: [
      { near: '/otp_src_', pattern: /\/otp_src_(\d+(?:\.\d+)*)\// },
      { near: 'Erlang/OTP ', pattern: /\0(\d+(?:\.\d+)+)\0{1,16}Erlang\/OTP / },
      { near: '[async-threads:%d]', pattern: /\[async-threads:%d\][^\0]{0,80}\n\0(\d+(?:\.\d+)+)\0/ },
      { near: '[kernel-poll:%s]', pattern: /\[kernel-poll:%s\]\n\0(\d+(?:\.\d+)+)\0/ },
    ],
  },
  {
    name: 'julia',
    products: ['julialang:julia'],
    file: /^libjulia-internal\.so[\w.]*$/,
    marks: ['verify_methods', 'branch', 'julia version %s', 'BigInt'].map((near) => ({
      near: `\0${near}\0`.replace('%s\0', '%s'),
      pattern: new RegExp(`[^\\w.](\\d+\\.\\d+\\.\\d+(?:-\\w{1,16})?)\\0${near}`),
    })),
  },
  {
    name: 'haskell/ghc',
    products: ['haskell:ghc'],
    file: /^ghc(?:-[\d.]+)?$/,
    marks: [
      { near: '\0GHC ', pattern: /\0GHC (\d+\.\d+\.\d+)\0/ },
      { near: 'libHSghc-', pattern: /libHSghc-(\d+\.\d+\.\d+)-/ },
    ],
  },
  {
    name: 'haskell/cabal',
    products: ['haskell:cabal'],
    file: /^cabal$/,
    marks: [
      { near: '/cabal-install-', pattern: /\/cabal-install-(\d+(?:\.\d+){2,3})-/ },
      { near: 'Cabal-', pattern: /\0Cabal-(\d+(?:\.\d+){2,3})-inplace/ },
    ],
  },
  {
    name: 'swipl',
    products: ['swi-prolog:swi-prolog'],
    file: /^swipl$/,
    marks: [{ near: '/swipl-', pattern: /\/swipl-(\d+\.\d+\.\d+)\// }],
  },
  {
    name: 'gcc',
    products: ['gnu:gcc'],
    file: /^gcc$/,
    marks: [{ near: 'GCC: (GNU) ', pattern: /GCC: \(GNU\) (\d+\.\d+\.\d+)/ }],
  },
];
