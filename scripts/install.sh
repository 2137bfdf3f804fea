#!/bin/sh
# Installs nself: finds the platform, downloads the archive and SHA256SUMS, verifies, and only then puts one file in place.
# Everything is a function and the last line calls them, so a script that was cut off does nothing.
# `bun run release` fills in the three lines below; each can be said by an option or a variable.
set -eu

released_url=''
released_version=''
released_sums=''

usage() {
  cat <<'USAGE'
Installs nself, one executable, to ~/.local/bin.

Usage: install.sh [options]

  --version <version>   Which one, for example 0.1.0 (NSELF_VERSION); the newest without it
  --prefix <folder>     Installs to <folder>/bin (NSELF_PREFIX); ~/.local without it
  --bin-dir <folder>    Installs to this very folder (NSELF_BIN_DIR)
  --base-url <url>      Where the releases are (NSELF_BASE_URL); https://, file://, or http:// on this machine
  --platform <name>     Instead of what is found, for example linux-x64-musl
  --help                Show this

No sudo is called: for a folder of root's, run the script as root.
USAGE
}

say() { printf '%s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '\nhint: %s\n' "$2" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

read_options() {
  version=${NSELF_VERSION:-$released_version}
  base_url=${NSELF_BASE_URL:-$released_url}
  prefix=${NSELF_PREFIX:-}
  bin_dir=${NSELF_BIN_DIR:-}
  platform=${NSELF_PLATFORM:-}
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage; exit 0 ;;
      --version | --prefix | --bin-dir | --base-url | --platform)
        if [ $# -lt 2 ] || [ -z "$2" ]; then fail "$1 needs a value" "install.sh --help"; fi
        set_option "$1" "$2"
        shift 2 ;;
      --*=*) set_option "${1%%=*}" "${1#*=}"; shift ;;
      *) fail "unknown option $1" "install.sh --help" ;;
    esac
  done
}

set_option() {
  case $1 in
    --version) version=$2 ;;
    --prefix) prefix=$2 ;;
    --bin-dir) bin_dir=$2 ;;
    --base-url) base_url=$2 ;;
    --platform) platform=$2 ;;
    *) fail "unknown option $1" "install.sh --help" ;;
  esac
}

# Bytes come from a place that nobody on the way can change: TLS, this machine, or this disk.
check_base_url() {
  base_url=${base_url%/}
  case $base_url in
    '') fail "no place to download from is known" "give --base-url or NSELF_BASE_URL" ;;
    https://* | file:///*) ;;
    http://127.0.0.1 | http://127.0.0.1[:/]* | http://localhost | http://localhost[:/]* | 'http://[::1]'*) ;;
    *) fail "$base_url is not https://" "http:// is taken only for this machine" ;;
  esac
}

find_platform() {
  [ -z "$platform" ] || return 0
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) cpu=x64 ;;
    aarch64 | arm64) cpu=arm64 ;;
    *) fail "there is no nself for the processor $machine" "x86_64 and arm64 are built" ;;
  esac
  case $system in
    Linux) platform=linux-$cpu$(musl_suffix) ;;
    Darwin) platform=darwin-$(mac_cpu "$cpu") ;;
    MINGW* | MSYS* | CYGWIN*) platform=windows-x64 ;;
    *) fail "there is no nself for $system" "Linux, macOS and Windows are built" ;;
  esac
}

# A glibc system may have musl's loader beside its own, so glibc is asked first.
musl_suffix() {
  if getconf GNU_LIBC_VERSION >/dev/null 2>&1; then return 0; fi
  if ldd --version 2>&1 | grep -qi musl; then printf -- '-musl'; return 0; fi
  for loader in /lib/ld-musl-*.so.1; do
    if [ -e "$loader" ]; then printf -- '-musl'; return 0; fi
  done
}

# A shell under Rosetta says x86_64 on an arm64 Mac.
mac_cpu() {
  if [ "$1" = x64 ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || echo 0)" = 1 ]; then echo arm64; else echo "$1"; fi
}

# download <url> <file>: whole or not at all
download() {
  case $1 in file:///*) cp "${1#file://}" "$2" 2>/dev/null || fail "there is no $1"; return 0 ;; esac
  if has curl; then
    case $1 in https://*) protocols='=https' ;; *) protocols='=http' ;; esac
    curl --fail --silent --show-error --location --proto "$protocols" --proto-redir "$protocols" --tlsv1.2 \
      --connect-timeout 20 --retry 2 --output "$2" "$1" || fail "cannot download $1"
  elif has wget; then
    wget -q -O "$2" "$1" || fail "cannot download $1"
  else
    fail "neither curl nor wget is here" "install one of them"
  fi
}

sha256_of() {
  if has sha256sum; then sum=$(sha256sum "$1")
  elif has shasum; then sum=$(shasum -a 256 "$1")
  elif has openssl; then sum=$(openssl dgst -r -sha256 "$1")
  else fail "no tool can compute SHA-256 here, so nothing can be verified" "install coreutils, perl or openssl"
  fi
  printf '%s' "${sum%% *}"
}

find_version() {
  if [ -z "$version" ]; then
    download "$base_url/latest" "$work/latest"
    version=$(head -n 1 "$work/latest" | tr -d ' \r')
  fi
  version=${version#v}
  case $version in
    '' | *[!0-9A-Za-z.+-]* | [!0-9]*) fail "not a version: $version" "for example --version 0.1.0" ;;
  esac
}

# The archive's line in SHA256SUMS must be there once and fit; the list itself must be the one this script was released with.
verify() {
  if [ -n "$released_sums" ] && [ "$version" = "$released_version" ]; then
    [ "$(sha256_of "$work/SHA256SUMS")" = "$released_sums" ] || fail "SHA256SUMS of version $version is not the one that was released; nothing was installed"
  fi
  expected=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
  case $expected in
    ????????????????????????????????????????????????????????????????) ;;
    '') fail "SHA256SUMS of version $version does not name $archive; nothing was installed" "--platform names another one" ;;
    *) fail "SHA256SUMS of version $version is broken; nothing was installed" ;;
  esac
  got=$(sha256_of "$work/$archive")
  [ "$got" = "$expected" ] || fail "$archive is not what was released; nothing was installed
  expected sha256:$expected
  got      sha256:$got" "the download was cut off or changed on the way: try again"
}

# In the target's own folder, because a rename is whole or not at all only within one file system.
put_in_place() {
  mkdir -p "$bin_dir" 2>/dev/null || fail "cannot make the folder $bin_dir" "--prefix names another place"
  staged=$(mktemp -d "$bin_dir/.nself-install.XXXXXX" 2>/dev/null) || fail "cannot write to $bin_dir" "--prefix names another place, or run this as root"
  tar -xzf "$work/$archive" -C "$staged" "$binary" || fail "$archive cannot be unpacked; nothing was installed"
  chmod 755 "$staged/$binary"
  said=$("$staged/$binary" --version 2>&1) || fail "this nself does not start here ($platform): $said; nothing was installed" "$(start_hint "$said")"
  mv -f "$staged/$binary" "$bin_dir/$binary"
  rm -rf "$staged"
  staged=''
}

# musl systems are small, and the C++ library is no part of them.
start_hint() {
  case $platform$1 in
    *-musl*libstdc++*) echo "install the C++ library first: apk add libstdc++" ;;
    *) echo "--platform names another one" ;;
  esac
}

find_bin_dir() {
  [ -z "$bin_dir" ] || return 0
  if [ -z "$prefix" ]; then
    [ -n "${HOME:-}" ] || fail "HOME is not set" "--prefix names a place"
    prefix=$HOME/.local
  fi
  bin_dir=$prefix/bin
}

clean_up() {
  [ -z "${work:-}" ] || rm -rf "$work"
  [ -z "${staged:-}" ] || rm -rf "$staged"
}

say_done() {
  say "Installed nself $said ($platform) to $bin_dir/$binary"
  case ":${PATH:-}:" in
    *":$bin_dir:"*) ;;
    *) say ""; say "hint: $bin_dir is not in PATH: export PATH=\"$bin_dir:\$PATH\"" ;;
  esac
}

main() {
  read_options "$@"
  check_base_url
  find_platform
  find_bin_dir
  work=''
  staged=''
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  work=$(mktemp -d)
  find_version
  binary=nself
  case $platform in windows-*) binary=nself.exe ;; esac
  archive=nself-$version-$platform.tar.gz
  say "Downloading nself $version for $platform"
  download "$base_url/v$version/SHA256SUMS" "$work/SHA256SUMS"
  download "$base_url/v$version/$archive" "$work/$archive"
  verify
  put_in_place
  say_done
}

{ main "$@"; }
