# shellcheck shell=bash
# The programs of the cluster: built once from the Go modules named in kubernetes/go.mod, and kept in the user's cache.

kubernetes_programs() {
  local key
  key=$(cat "$HERE"/kubernetes/go.{mod,sum} | sha256sum | cut -c1-12)
  printf '%s/kubernetes/%s' "$CACHE" "$key"
}

helm_programs() { printf '%s/helm/v%s' "$CACHE" "$HELM_VERSION"; }

# Builds into a folder beside the final one and renames it, so that a build that was cut off is never taken for a whole one.
build_into() { # FOLDER COMMAND...
  local folder=$1 scratch=$1.building.$$
  shift
  mkdir -p "$scratch"
  if ! GOBIN=$scratch CGO_ENABLED=0 "$ROOT/hack/quietly" "$@"; then
    rm -rf "$scratch"
    die "the build failed; its messages are above. Correct the cause and run it again; nothing half-built is kept"
  fi
  rm -rf "$folder"
  mv "$scratch" "$folder"
}

ensure_programs() {
  local kubernetes helm flags="-s -w" version=k8s.io/component-base/version
  kubernetes=$(kubernetes_programs)
  helm=$(helm_programs)
  if [ ! -x "$kubernetes/kubectl" ]; then
    say "Building Kubernetes v$KUBERNETES_VERSION from its Go modules (once; about 8 minutes on 2 cores) ..."
    flags="$flags -X $version.gitVersion=v$KUBERNETES_VERSION -X $version.gitMajor=1 -X $version.gitMinor=36"
    (cd "$HERE/kubernetes" && build_into "$kubernetes" go install -trimpath -ldflags "$flags" tool)
  fi
  if [ ! -x "$helm/helm" ]; then
    say "Building Helm v$HELM_VERSION (once; about 2 minutes) ..."
    (cd "$CACHE" && build_into "$helm" go install -trimpath -ldflags "-s -w" "helm.sh/helm/v4/cmd/helm@v$HELM_VERSION")
  fi
}

images_folder() {
  local key
  key=$(cat "$HERE/images/mkimage.py" "$HERE/programs.sh" /bin/busybox /usr/bin/catatonit | sha256sum | cut -c1-12)
  printf '%s/images/%s' "$CACHE" "$key"
}

# The node needs two images before it can run anything: what holds a Pod's namespaces, and a small shell for examples and tests.
ensure_images() {
  local folder root applet
  folder=$(images_folder)
  [ ! -f "$folder/complete" ] || return 0
  mkdir -p "$folder"

  root=$(mktemp -d)
  install -D /usr/bin/catatonit "$root/catatonit"
  python3 "$HERE/images/mkimage.py" "$root" "$folder/pause.tar" localhost/pause:1 --entrypoint '["/catatonit", "-P"]'
  rm -rf "$root"

  root=$(mktemp -d)
  install -D /bin/busybox "$root/bin/busybox"
  for applet in $(/bin/busybox --list | grep -vx busybox); do ln -s busybox "$root/bin/$applet"; done
  mkdir -m 1777 "$root/tmp"
  python3 "$HERE/images/mkimage.py" "$root" "$folder/busybox.tar" localhost/busybox:1 --cmd '["sh"]'
  rm -rf "$root"

  touch "$folder/complete"
}
