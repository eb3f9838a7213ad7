{{/* Helpers of the cases. */}}
{{- define "case.helper" -}}
name: {{ .Values.text | quote }}
num: {{ .Values.num }}
{{- end }}
{{- define "case.args" -}}
{{ .a }}-{{ .root.Values.num }}
{{- end }}
{{- define "case.fails" -}}
{{ .Values.missing.deep }}
{{- end }}
{{- define "case.required" -}}
{{ required "a helper needs it" .Values.missing }}
{{- end }}
{{- define "case.nested" -}}
before
{{ include "case.fails" . }}
{{- end }}
