import { alpm } from './alpm/alpm.ts';
import { apk } from './apk/apk.ts';
import { bitnami } from './bitnami/bitnami.ts';
import { bottlerocket } from './bottlerocket/bottlerocket.ts';
import { bun } from './bun/bun.ts';
import { chisel } from './chisel/chisel.ts';
import { classifiers } from './classifiers/classifiers.ts';
import { cocoapods } from './cocoapods/cocoapods.ts';
import { conan } from './conan/conan.ts';
import { conda } from './conda/conda.ts';
import { cos } from './cos/cos.ts';
import { cran } from './cran/cran.ts';
import { dotnet } from './dotnet/dotnet.ts';
import { dpkg } from './dpkg/dpkg.ts';
import type { Ecosystem } from './ecosystem.ts';
import { embedded } from './embedded/embedded.ts';
import { flatpak } from './flatpak/flatpak.ts';
import { golang } from './golang/golang.ts';
import { haskell } from './haskell/haskell.ts';
import { hex } from './hex/hex.ts';
import { homebrew } from './homebrew/homebrew.ts';
import { java } from './java/java.ts';
import { julia } from './julia/julia.ts';
import { nix } from './nix/nix.ts';
import { npm } from './npm/npm.ts';
import { opkg } from './opkg/opkg.ts';
import { php } from './php/php.ts';
import { pnpm } from './pnpm/pnpm.ts';
import { portage } from './portage/portage.ts';
import { pub } from './pub/pub.ts';
import { python } from './python/python.ts';
import { rpm } from './rpm/rpm.ts';
import { ruby } from './ruby/ruby.ts';
import { rust } from './rust/rust.ts';
import { snap } from './snap/snap.ts';
import { swift } from './swift/swift.ts';
import { vcpkg } from './vcpkg/vcpkg.ts';
import { wordpress } from './wordpress/wordpress.ts';
import { yarn } from './yarn/yarn.ts';

/** Every ecosystem that is read, in the order of their components: the operating system's first. */
export const ecosystems: Ecosystem[] = [
  dpkg,
  apk,
  rpm,
  alpm,
  chisel,
  opkg,
  portage,
  bottlerocket,
  cos,
  npm,
  yarn,
  pnpm,
  bun,
  python,
  ruby,
  php,
  golang,
  rust,
  java,
  dotnet,
  hex,
  pub,
  swift,
  cocoapods,
  conan,
  vcpkg,
  haskell,
  julia,
  cran,
  conda,
  snap,
  flatpak,
  homebrew,
  nix,
  wordpress,
  bitnami,
  embedded,
  classifiers,
];
