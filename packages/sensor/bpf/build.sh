#!/bin/sh
# Builds the sensor's object for the kernel: clang 14 and libbpf's headers (Debian: clang-14 llvm-14 libbpf-dev linux-libc-dev).
set -eu
cd "$(dirname "$0")"
clang-14 -target bpf -mcpu=v3 -O2 -g -Wall -Werror -fdebug-prefix-map="$PWD"=. -fno-ident -D__TARGET_ARCH_x86 \
  -I"/usr/include/$(uname -m)-linux-gnu" -c sensor.bpf.c -o sensor.bpf.o
llvm-strip-14 -g sensor.bpf.o
cat build.sh ./*.h ./*.c | sha256sum | cut -d' ' -f1 > sensor.bpf.sources
