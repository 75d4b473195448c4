#!/usr/bin/env bash
# nextflow.sh ARGUMENTS - a real Nextflow engine, 24.10.0 from Maven Central, kept in .cache/nextflow of the checkout. Exit status 77 when it
# cannot be had (no Maven, no Java 17, no network).
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lib=${CLONEWATCH_NEXTFLOW_CACHE:-$here/../../.cache/nextflow-24.10.0}

java_home() { # Nextflow 24.10 runs on 17, not on 25
  local home
  for home in ${JAVA_17_HOME:-} /usr/lib/jvm/java-17-openjdk-* /usr/lib/jvm/*17*; do
    if [ -x "$home/bin/java" ] && "$home/bin/java" -version 2>&1 | grep -q '"17\.'; then echo "$home"; return; fi
  done
  return 1
}
JAVA_HOME=$(java_home) || { echo "nextflow.sh: no Java 17; install openjdk-17-jre-headless" >&2; exit 77; }
export JAVA_HOME

fetch() {
  command -v mvn >/dev/null || { echo "nextflow.sh: no Maven; install maven" >&2; exit 77; }
  local fresh; fresh=$(mktemp -d)
  cp "$here/pom.xml" "$fresh/"
  echo "nextflow.sh: fetching Nextflow 24.10.0 from Maven Central" >&2
  (cd "$fresh" && mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=lib) >&2 ||
    { rm -rf "$fresh"; echo "nextflow.sh: Maven Central cannot be reached" >&2; exit 77; }
  (cd "$fresh/lib" && sha256sum --quiet -c - <<'SUMS') >&2 || { rm -rf "$fresh"; echo "nextflow.sh: the fetched engine is not the one expected" >&2; exit 1; }
2bee4ad1e2ee1e249ea942e09119e0e204c002de0d895b303e2133d62f9d5ea6  nextflow-24.10.0.jar
6588dc3276a8ec2beed7580142d54e5f024110250ac7da8ed0cea15d65ebbcde  nf-commons-24.10.0.jar
af879a1322656c8f589bae194d2046d356a6922c8995aed095d9f367a1ac4fc8  nf-httpfs-24.10.0.jar
SUMS
  mkdir -p "$(dirname "$lib")"
  mv -T "$fresh/lib" "$lib" 2>/dev/null || true # another run was faster
  rm -rf "$fresh"
}
[ -d "$lib" ] || fetch

opens=()
for p in lang io nio net util util.regex util.concurrent.locks util.concurrent.atomic nio.file.spi; do opens+=("--add-opens=java.base/java.$p=ALL-UNNAMED"); done
for p in sun.nio.ch sun.nio.fs sun.net.www.protocol.{http,https,ftp,file} jdk.internal.misc jdk.internal.vm; do opens+=("--add-opens=java.base/$p=ALL-UNNAMED"); done
opens+=("--add-opens=java.net.http/jdk.internal.net.http=ALL-UNNAMED")
export NXF_OFFLINE=true NXF_DISABLE_CHECK_LATEST=true NXF_ANSI_LOG=false NXF_HOME=${NXF_HOME:-$PWD/.nextflow-home}
exec "$JAVA_HOME/bin/java" "${opens[@]}" -XX:TieredStopAtLevel=1 -Djava.awt.headless=true -cp "$lib/*" nextflow.cli.Launcher "$@"
