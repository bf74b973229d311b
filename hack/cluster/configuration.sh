# shellcheck shell=bash
# Keys, kubeconfigs and component configurations of one cluster, written into $STATE before it starts.

write_configuration() {
  mkdir -p "$STATE"/{logs,cni,containerd,kubelet,var-lib-kubelet,pod-logs,sysctl,pki}
  write_keys
  for user in admin controller-manager scheduler proxy kubelet; do
    write_kubeconfig "$user" "https://127.0.0.1:$API_PORT" > "$STATE/pki/$user.kubeconfig"
  done
  write_kubeconfig admin "https://127.0.0.1:$(cat "$STATE/port")" > "$KUBECONFIG_FILE"
  chmod 600 "$KUBECONFIG_FILE"
  write_components
  # The kubelet insists on these; they are bind-mounted over /proc/sys instead of changing the machine.
  echo 1 > "$STATE/sysctl/overcommit_memory"
  echo 10 > "$STATE/sysctl/panic"
  echo 1 > "$STATE/sysctl/panic_on_oops"
}

write_keys() {
  cd "$STATE/pki" || exit 1
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 365 -subj /CN=sweeps-local-ca 2> /dev/null
  key() { # NAME SUBJECT [SUBJECT_ALTERNATIVE_NAMES]; RSA, because not every client reads elliptic curve keys
    openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" 2> /dev/null
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -out "$1.crt" \
      -extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n%s\n' "${3:+subjectAltName=$3}") 2> /dev/null
    rm "$1.csr"
  }
  key apiserver /CN=kube-apiserver "IP:127.0.0.1,IP:$NODE_IP,IP:10.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  key admin /O=system:masters/CN=admin
  key controller-manager /CN=system:kube-controller-manager
  key scheduler /CN=system:kube-scheduler
  key proxy /CN=system:kube-proxy
  key kubelet "/O=system:nodes/CN=system:node:$NODE" "DNS:$NODE,IP:$NODE_IP"
  key kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
  key front-proxy /CN=front-proxy
  openssl genrsa -out service-account.key 2048 2> /dev/null
  openssl rsa -in service-account.key -pubout -out service-account.pub 2> /dev/null
  cd "$ROOT" || exit 1
}

write_kubeconfig() { # USER SERVER
  local pki=$STATE/pki
  cat << YAML
apiVersion: v1
kind: Config
clusters: [{name: sweeps, cluster: {server: "$2", certificate-authority-data: $(base64 -w0 "$pki/ca.crt")}}]
users: [{name: $1, user: {client-certificate-data: $(base64 -w0 "$pki/$1.crt"), client-key-data: $(base64 -w0 "$pki/$1.key")}}]
contexts: [{name: sweeps, context: {cluster: sweeps, user: $1}}]
current-context: sweeps
YAML
}

write_components() {
  cat > "$STATE/cni/10-bridge.conflist" << 'JSON'
{"cniVersion": "0.4.0", "name": "sweeps", "plugins": [{"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false,
  "hairpinMode": true, "ipam": {"type": "host-local", "dataDir": "/run/cni", "ranges": [[{"subnet": "10.244.0.0/24"}]],
  "routes": [{"dst": "0.0.0.0/0"}]}}]}
JSON
  cat > "$STATE/containerd.toml" << TOML
version = 2
root = "$STATE/containerd/root"
state = "$STATE/containerd/state"
[grpc]
  address = "$SOCKET"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  disable_tcp_service = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$STATE/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
TOML
  cat > "$STATE/kubelet.yaml" << YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 0.0.0.0
readOnlyPort: 0
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $STATE/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $STATE/pki/kubelet.crt
tlsPrivateKeyFile: $STATE/pki/kubelet.key
containerRuntimeEndpoint: unix://$SOCKET
cgroupDriver: cgroupfs
cgroupRoot: $CGROUP
failCgroupV1: false
failSwapOn: false
oomScoreAdj: 0
makeIPTablesUtilChains: false
enforceNodeAllocatable: [pods]
podLogsDir: $STATE/pod-logs
resolvConf: ""
clusterDomain: cluster.local
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
maxPods: 110
kubeAPIQPS: 200
kubeAPIBurst: 400
YAML
  cat > "$STATE/proxy.yaml" << YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clientConnection: {kubeconfig: $STATE/pki/proxy.kubeconfig}
clusterCIDR: 10.244.0.0/16
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
healthzBindAddress: 127.0.0.1:10256
metricsBindAddress: 127.0.0.1:10249
YAML
  # Who writes how much: `cluster audit` counts these lines.
  cat > "$STATE/audit-policy.yaml" << 'YAML'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
    verbs: [create, update, patch, delete, deletecollection]
  - level: None
YAML
}
