#!/bin/bash
# Runs as process 1 of the cluster's own network, process and mount namespaces; when it dies, all of the cluster dies with it.
set -u
# shellcheck source=hack/cluster/settings.sh
source "$(dirname "$0")/settings.sh"
# shellcheck source=hack/cluster/programs.sh
source "$HERE/programs.sh"
PROGRAMS=$(kubernetes_programs)
PKI=$STATE/pki

prepare_node() {
  mount --make-rshared /
  mkdir -p /var/lib/kubelet /run/cni /run/netns
  mount --bind "$STATE/var-lib-kubelet" /var/lib/kubelet
  mount -t tmpfs none /run/cni
  mount -t tmpfs none /run/netns
  for setting in vm/overcommit_memory kernel/panic kernel/panic_on_oops; do
    mount --bind "$STATE/sysctl/${setting##*/}" "/proc/sys/$setting"
  done
  ip link set lo up
  # No dummy device is needed: an empty bridge can hold the node's address.
  ip link add node0 type bridge
  ip addr add "$NODE_IP/24" dev node0
  ip link set node0 up
  ip route add default dev node0
  echo 1 > /proc/sys/net/ipv4/ip_forward
}

# Starts a program, and starts it again when it ends, however it ended: kill -9 of any part is something to survive.
supervise() { # NAME COMMAND...
  local name=$1
  shift
  while true; do
    "$@" >> "$STATE/logs/$name.log" 2>&1 &
    echo $! > "$STATE/$name.pid"
    wait $!
    echo "--- $name ended with $?, starting it again" >> "$STATE/logs/$name.log"
    sleep 0.3
  done
}

wait_for_api_server() {
  until curl -sf --cacert "$PKI/ca.crt" --cert "$PKI/admin.crt" --key "$PKI/admin.key" "https://127.0.0.1:$API_PORT/readyz" > /dev/null; do
    sleep 0.1
  done
}

# The node offers GPUs that are not there, so that Pods really request and wait for them. A restarted kubelet takes them away.
simulate_gpus() {
  local api="https://127.0.0.1:$API_PORT/api/v1/nodes/$NODE/status"
  local -a curl=(curl -sf --cacert "$PKI/ca.crt" --cert "$PKI/admin.crt" --key "$PKI/admin.key")
  while true; do
    local wanted
    wanted=$(cat "$STATE/gpus")
    if ! "${curl[@]}" "$api" | jq -e --arg n "$wanted" '.status.capacity["nvidia.com/gpu"] == $n' > /dev/null; then
      "${curl[@]}" -X PATCH -H 'Content-Type: application/json-patch+json' "$api" > /dev/null \
        -d "[{\"op\": \"add\", \"path\": \"/status/capacity/nvidia.com~1gpu\", \"value\": \"$wanted\"}]"
    fi
    sleep 1
  done
}

prepare_node
supervise etcd /usr/bin/etcd --data-dir "$STATE/etcd" --listen-client-urls http://127.0.0.1:2379 \
  --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380 --unsafe-no-fsync &
supervise containerd containerd -c "$STATE/containerd.toml" &
supervise kube-apiserver "$PROGRAMS/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
  --bind-address=0.0.0.0 --secure-port=$API_PORT --advertise-address="$NODE_IP" \
  --tls-cert-file="$PKI/apiserver.crt" --tls-private-key-file="$PKI/apiserver.key" --client-ca-file="$PKI/ca.crt" \
  --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$PKI/service-account.pub" \
  --service-account-signing-key-file="$PKI/service-account.key" \
  --requestheader-client-ca-file="$PKI/ca.crt" --requestheader-allowed-names=front-proxy \
  --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
  --requestheader-extra-headers-prefix=X-Remote-Extra- \
  --proxy-client-cert-file="$PKI/front-proxy.crt" --proxy-client-key-file="$PKI/front-proxy.key" \
  --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
  --service-cluster-ip-range=10.0.0.0/24 \
  --kubelet-client-certificate="$PKI/kubelet-client.crt" --kubelet-client-key="$PKI/kubelet-client.key" \
  --kubelet-certificate-authority="$PKI/ca.crt" --kubelet-preferred-address-types=InternalIP \
  --audit-policy-file="$STATE/audit-policy.yaml" --audit-log-path="$STATE/audit.log" --profiling=false &
socat "UNIX-LISTEN:$STATE/api.sock,fork,mode=600" "TCP:127.0.0.1:$API_PORT" &

wait_for_api_server
supervise kube-controller-manager "$PROGRAMS/kube-controller-manager" --kubeconfig="$PKI/controller-manager.kubeconfig" \
  --authentication-kubeconfig="$PKI/controller-manager.kubeconfig" --authorization-kubeconfig="$PKI/controller-manager.kubeconfig" \
  --bind-address=127.0.0.1 --leader-elect=false --use-service-account-credentials \
  --service-account-private-key-file="$PKI/service-account.key" --root-ca-file="$PKI/ca.crt" \
  --cert-dir="$STATE/controller-manager" --profiling=false --kube-api-qps=200 --kube-api-burst=400 &
supervise kube-scheduler "$PROGRAMS/kube-scheduler" --kubeconfig="$PKI/scheduler.kubeconfig" \
  --authentication-kubeconfig="$PKI/scheduler.kubeconfig" --authorization-kubeconfig="$PKI/scheduler.kubeconfig" \
  --bind-address=127.0.0.1 --leader-elect=false --cert-dir="$STATE/scheduler" --profiling=false &
supervise kube-proxy "$PROGRAMS/kube-proxy" --config="$STATE/proxy.yaml" --hostname-override=$NODE &
until [ -f "$STATE/images.loaded" ]; do sleep 0.1; done
supervise kubelet "$PROGRAMS/kubelet" --config="$STATE/kubelet.yaml" --kubeconfig="$PKI/kubelet.kubeconfig" \
  --root-dir="$STATE/kubelet" --cert-dir="$STATE/kubelet/pki" --hostname-override=$NODE --node-ip="$NODE_IP" &
simulate_gpus &
wait
