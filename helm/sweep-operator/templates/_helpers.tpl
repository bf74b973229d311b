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

{{- /* The rights of the operator in a namespace. */ -}}
{{- define "sweep-operator.rules" -}}
- apiGroups: [sweeps.dev]
  # A Sweep is deleted only after its ttlAfterFinished.
  resources: [sweeps]
  verbs: [get, list, watch, delete]
- apiGroups: [sweeps.dev]
  # An annotation of a Trial is patched to end it early.
  resources: [trials]
  verbs: [get, list, watch, create, patch]
- apiGroups: [sweeps.dev]
  resources: [sweeps/status, trials/status]
  verbs: [patch]
- apiGroups: [sweeps.dev]
  # Required for owner references that block deletion if OwnerReferencesPermissionEnforcement is enabled.
  resources: [sweeps/finalizers, trials/finalizers]
  verbs: [update]
- apiGroups: [batch]
  # A Job is deleted when its trial is stopped early or the Sweep is cancelled.
  resources: [jobs]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
- apiGroups: [""]
  # Listed to find out why the Job controller cannot create a Pod.
  resources: [events]
  verbs: [create, list]
{{- end }}
