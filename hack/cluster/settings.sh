# shellcheck shell=bash disable=SC2034
# What every part of the local cluster agrees on. Sourced, never run.

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
STATE=${SWEEPS_CLUSTER_DIR:-$ROOT/.cluster}
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/sweep-operator

# Where hack/deps puts a Go when the machine has none.
[ ! -x "$CACHE/go/bin/go" ] || PATH=$CACHE/go/bin:$PATH

KUBERNETES_VERSION=1.36.4
HELM_VERSION=4.2.4

# Two clones of the project never share a name: it follows from the state folder.
ID=$(printf '%s' "$STATE" | sha256sum | cut -c1-8)
NETNS=sweeps-$ID
CGROUP=/sweeps-$ID

MARK=.made-by-hack-cluster   # in a state folder that is ours to remove

NODE=node1
NODE_IP=10.100.0.1   # inside the cluster's own network namespace
API_PORT=6443        # inside it too
SOCKET=$STATE/containerd.sock
KUBECONFIG_FILE=$STATE/kubeconfig

say() { printf '%s\n' "$*"; }
die() { printf 'cluster: %s\n' "$*" >&2; exit 1; }
