# shellcheck shell=bash
# Shared by the scripts beside it: sourced, never run. Expects `root`, the top of the project, to be set.

least_java=21
java_places=(/usr/lib/jvm/* /opt/java/*)

# To people, never to pipes: what a command prints on standard output is its result.
say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 2
}

# The major version of the JDK or JRE in a folder; nothing when it is none.
java_major() {
  local version='' line
  [ -x "$1/bin/java" ] || return 0
  if [ -r "$1/release" ]; then # read by the shell itself: every short command passes here
    while IFS= read -r line; do
      case $line in JAVA_VERSION=\"*\") version=${line#*\"} version=${version%\"} ;; esac
    done <"$1/release"
  fi
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  fi
  version=${version#1.} # "1.8.0_292" is Java 8
  printf '%s' "${version%%[!0-9]*}"
}

# Sets JAVA_HOME to a Java of at least version 21, and java_version to its version: the one in JAVA_HOME or on
# the PATH when it is new enough, otherwise the newest that is installed. With "jdk" it has to bring a compiler.
choose_java() {
  local kind=${1:-jre} tool=java on_path home found=''
  [ "$kind" = jdk ] && tool=javac
  java_version=0
  if ! fits_java "${JAVA_HOME:-}"; then
    JAVA_HOME=''
    on_path=$(command -v java || true)
    [ -z "$on_path" ] || on_path=$(readlink -f "$on_path")
    if ! fits_java "${on_path%/bin/java}"; then
      for home in "${java_places[@]}"; do
        fits_java "$home" || true
      done
    fi
  fi
  [ -n "$JAVA_HOME" ] || no_java "$kind" "${found:-none}"
  export JAVA_HOME
}

# Part of the above: takes this Java if it is new enough, and newer than the one it has.
fits_java() {
  local major
  { [ -n "$1" ] && [ -x "$1/bin/$tool" ]; } || return 1
  major=$(java_major "$1")
  [ -n "$major" ] || return 1
  found="$found${found:+, }Java $major in $1"
  { [ "$major" -ge "$least_java" ] && [ "$major" -gt "$java_version" ]; } || return 1
  java_version=$major
  JAVA_HOME=$1
}

no_java() {
  local word='Java'
  [ "$1" = jdk ] && word='a JDK'
  say "Sluice needs $word of version $least_java or newer. Found: $2."
  say "What to do, one of these:"
  say "  Debian 13 and newer, Ubuntu:  apt-get install openjdk-21-jdk-headless"
  say "  Debian 12 has none: unpack one (Temurin, for example) below /usr/lib/jvm"
  die "  anywhere else: set JAVA_HOME to its folder"
}

# Installs what is missing. Arguments: command=package ...
need_packages() {
  local pair missing=() as=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    die "Missing: ${missing[*]}. This is no Debian: install them with the tools of your system."
  fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "Missing: ${missing[*]}. As root: apt-get install ${missing[*]}"
    as=(sudo)
  fi
  say "Installing ${missing[*]} ..."
  local log
  log=$(mktemp)
  if ! {
    "${as[@]}" apt-get update -qq &&
      "${as[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}"
  } </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "Could not install ${missing[*]}: see above. As root: apt-get update && apt-get install ${missing[*]}"
  fi
  rm -f "$log"
}

# PostgreSQL's server, which Debian keeps off the PATH, for tests that start one of their own.
need_postgresql() {
  local program
  for program in $(command -v postgres || true) /usr/lib/postgresql/*/bin/postgres; do
    [ ! -x "$program" ] || return 0
  done
  need_packages postgres=postgresql
}

# nginx, which Debian keeps off the PATH of everybody but root.
need_nginx() {
  [ -x /usr/sbin/nginx ] || need_packages nginx=nginx
}

unleash_version=8.2.0
node_version=22.23.3

# Where tests look for Unleash; SLUICE_UNLEASH names another folder.
unleash_folder() {
  printf '%s' "${SLUICE_UNLEASH:-${XDG_CACHE_HOME:-$HOME/.cache}/sluice/unleash-$unleash_version}"
}

# Unleash, a flag system of its own, for tests that start one: installed once, outside of the project. It wants a
# newer Node than Debian has; npm brings that too.
need_unleash() {
  local folder making log
  folder=$(unleash_folder)
  [ ! -f "$folder/ready" ] || return 0
  need_packages npm=npm
  mkdir -p "$(dirname "$folder")"
  making=$(mktemp -d "$folder.XXXXXX")
  log=$making/install.log
  say "Installing Unleash $unleash_version into $folder (400 MB, once) ..."
  if ! npm install --prefix "$making" --no-audit --no-fund --loglevel=error \
    "unleash-server@$unleash_version" "node@$node_version" </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -rf "$making"
    die "Could not install Unleash: see above. It comes from the npm registry; SLUICE_UNLEASH names a folder that has it."
  fi
  touch "$making/ready"
  rm -rf "$folder"
  mv "$making" "$folder"
}

# Everything below builds and finds the one jar.

jar=${SLUICE_JAR:-$root/src/target/sluice.jar}

# Whether the jar is there and no source is newer.
jar_is_fresh() {
  [ -f "$jar" ] || return 1
  [ -z "${SLUICE_JAR:-}" ] || return 0
  [ -d "$root/src/main" ] || return 0
  [ -z "$(find "$root"/{pom.xml,analyzer,gates,src} \( -name target -o -name test \) -prune -o \
    -type f -newer "$jar" -print -quit)" ]
}

# Builds the jar when it is missing or older than the sources: quietly, but not silently.
ensure_jar() {
  jar_is_fresh && return 0
  [ -f "$root/pom.xml" ] || die "There is no $jar and nothing to build it from."
  choose_java jdk
  need_packages mvn=maven
  local log pid
  log=$(mktemp)
  say "Building Sluice with Java $java_version; the first time it fetches its libraries ..."
  (cd "$root" && exec mvn -B -ntp -q -Dmaven.test.skip=true -pl src -am package) </dev/null >"$log" 2>&1 &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; rm -f "$log"; exit 130' INT TERM
  local seconds=0
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    [ $((seconds % 15)) -ne 0 ] || say "  ... $seconds s"
  done
  if ! wait "$pid"; then
    trap - INT TERM
    grep -m 20 -e ERROR "$log" >&2 || tail -n 20 "$log" >&2
    rm -f "$log"
    die "The build failed: see above. Again, with everything: mvn -B -DskipTests package"
  fi
  trap - INT TERM
  rm -f "$log"
}
