module example.local/definitions

go 1.26.0

require (
	github.com/argoproj/argo-cd/v3 v3.6.1
	github.com/external-secrets/external-secrets v1.3.2
	github.com/fluxcd/kustomize-controller v1.10.1
	github.com/fluxcd/source-controller v1.10.1
	github.com/kubernetes-csi/external-snapshotter/client/v8 v8.7.0
	istio.io/api v1.31.1
	sigs.k8s.io/gateway-api v1.7.0
)
