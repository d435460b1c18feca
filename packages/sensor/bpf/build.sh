#!/bin/sh
# Builds the sensor's objects for the kernel, one for each processor: clang 14 and libbpf's headers (Debian: clang-14 llvm-14
# libbpf-dev linux-libc-dev).
set -eu
cd "$(dirname "$0")"
build() {
  clang-14 -target bpf -mcpu=v3 -O2 -g -Wall -Werror -fdebug-prefix-map="$PWD"=. -fno-ident -D__TARGET_ARCH_"$1" \
    -I"/usr/include/$(uname -m)-linux-gnu" -c sensor.bpf.c -o "$2"
  llvm-strip-14 -g "$2"
}
build x86 sensor.bpf.o
build arm64 sensor.arm64.bpf.o
cat build.sh ./*.h ./*.c | sha256sum | cut -d' ' -f1 > sensor.bpf.sources
