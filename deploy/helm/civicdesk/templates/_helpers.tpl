{{/* Each takes (dict "root" $ "name" "worker"), but for those that say otherwise. */}}

{{- define "civicdesk.full" -}}
{{ printf "%s-%s" (.root.Release.Name | trunc 40 | trimSuffix "-") .name }}
{{- end }}

{{- define "civicdesk.selector" -}}
app.kubernetes.io/name: civicdesk
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "civicdesk.metadata" -}}
name: {{ include "civicdesk.full" . }}
labels:
  {{- include "civicdesk.selector" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* What every pod has: no root, no token of the cluster, no variables of other services (CIVICDESK_BOT_PORT would be one). */}}
{{- define "civicdesk.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* On different machines and zones where that can be. */}}
{{- define "civicdesk.spread" -}}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "civicdesk.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}

{{/* "image" "app" or "bot" besides. */}}
{{- define "civicdesk.container" -}}
{{- $image := index .root.Values.image .image -}}
name: {{ .name }}
image: {{ printf "%s:%s" $image.repository ($image.tag | default .root.Chart.AppVersion) }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* "path" and "port" besides. Slow to start is no reason to be killed; after that half a minute of silence is. */}}
{{- define "civicdesk.probes" -}}
startupProbe:
  httpGet: {path: {{ .live }}, port: {{ .port }}}
  periodSeconds: 2
  failureThreshold: 90
livenessProbe:
  httpGet: {path: {{ .live }}, port: {{ .port }}}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet: {path: {{ .ready }}, port: {{ .port }}}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end }}

{{/* "keys": the files of the Secret that this process reads, as /run/secrets has them under compose. */}}
{{- define "civicdesk.secrets" -}}
- name: secrets
  secret:
    secretName: {{ .root.Values.secrets.name }}
    defaultMode: 0440
    items:
      {{- range .keys }}
      - {key: {{ . }}, path: {{ . }}}
      {{- end }}
{{- end }}

{{- define "civicdesk.scratch" -}}
- name: tmp
  emptyDir: {medium: Memory, sizeLimit: {{ . }}}
{{- end }}

{{/* Takes the root. Photos and the inboxes' secrets: for gateway and worker. */}}
{{- define "civicdesk.shared" -}}
- name: media
  persistentVolumeClaim:
    claimName: {{ .Values.media.existingClaim | default (include "civicdesk.full" (dict "root" . "name" "media")) }}
- name: inboxes
  secret: {secretName: {{ .Values.secrets.inboxes }}, defaultMode: 0440, optional: true}
{{- end }}

{{/* Takes the root. Keys for reading back ends and registers: for worker and actions. */}}
{{- define "civicdesk.keys" -}}
- name: keys
  secret: {secretName: {{ .Values.secrets.keys }}, defaultMode: 0440, optional: true}
{{- end }}

{{- define "civicdesk.sharedMounts" -}}
- {name: media, mountPath: /var/lib/civicdesk/media}
- {name: inboxes, mountPath: /run/inboxes, readOnly: true}
{{- end }}

{{- define "civicdesk.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: secrets, mountPath: /run/secrets, readOnly: true}
{{- end }}

{{/* The replicas, the way of changing them and who belongs to it. */}}
{{- define "civicdesk.deployment" -}}
{{- if or (not .root.Values.autoscaling.enabled) (eq .name "actions") }}
replicas: {{ (index .root.Values .name).replicas.min }}
{{- end }}
strategy:
  type: RollingUpdate
  rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
selector:
  matchLabels: {{- include "civicdesk.selector" . | nindent 4 }}
{{- end }}

{{- define "civicdesk.service" -}}
apiVersion: v1
kind: Service
metadata: {{- include "civicdesk.metadata" . | nindent 2 }}
spec:
  selector: {{- include "civicdesk.selector" . | nindent 4 }}
  ports:
    - {name: http, port: {{ .port }}, targetPort: {{ .port }}}
{{- end }}
