"""The embedded Kubernetes and AWS for a laptop and CI; the product never imports it.

What lives here: the toolchain (engine and servers, built once a user from pinned Go modules), the control planes
(real etcd, API server, controller manager and scheduler; kwok plays the kubelets), moto for AWS, and the stand-in for
the `aws` provider. It may import its libraries only, nothing of `appofapps` or `components`; tests may import it.

No container runs: kwok reports every pod as running. A pod whose template carries the annotation
`sandbox.appofapps.dev/fate` ends otherwise (stages.yaml holds the rules):

| value         | what the cluster then reports                                                             |
|---------------|-------------------------------------------------------------------------------------------|
| `never-ready` | the containers run and the readiness probe fails for ever (event `Unhealthy`)             |
| `crash`       | containers wait with `CrashLoopBackOff`, four restarts (event `BackOff`)                  |
| `image-pull`  | containers wait with `ImagePullBackOff` (event `Failed`)                                  |
| `fail`        | the pod ends as `Failed` with exit code 1: so does its Job, at its backoff limit          |
| `slow`        | ready after 8 s, or after the duration in the annotation `sandbox.appofapps.dev/delay`    |

Pods of Jobs complete at once unless their fate says otherwise.

kwok plays the controllers of others, too (controllers.py): Argo CD, Flux and one of the Gateway API report at once what
was asked of them as done and healthy, whatever it is: nothing is cloned, applied or routed. With the fate `never-ready`
they report it as observed and unwell; with `unseen` nobody looks at it.
"""
