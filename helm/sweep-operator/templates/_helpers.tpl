{{- define "sweep-operator.name" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "sweep-operator.selector" -}}
app.kubernetes.io/name: sweep-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "sweep-operator.labels" -}}
{{ include "sweep-operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "sweep-operator.image" -}}
{{ .image.repository }}:{{ .image.tag | default .version }}
{{- end }}

{{- /* What the operator does in a namespace, and nothing more. */ -}}
{{- define "sweep-operator.rules" -}}
- apiGroups: [sweeps.dev]
  # Deleted when ttlAfterFinished of its spec has passed, and only then.
  resources: [sweeps]
  verbs: [get, list, watch, delete]
- apiGroups: [sweeps.dev]
  # Patched, in its annotations only, to have a trial ended before its time.
  resources: [trials]
  verbs: [get, list, watch, create, patch]
- apiGroups: [sweeps.dev]
  resources: [sweeps/status, trials/status]
  verbs: [patch]
- apiGroups: [sweeps.dev]
  # An owner reference that blocks deletion asks for this where OwnerReferencesPermissionEnforcement is on.
  resources: [sweeps/finalizers, trials/finalizers]
  verbs: [update]
- apiGroups: [batch]
  # Deleted when its trial is stopped early or the sweep is cancelled.
  resources: [jobs]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
- apiGroups: [""]
  # Listed for what the Job controller says of Pods that it cannot create.
  resources: [events]
  verbs: [create, list]
{{- end }}
