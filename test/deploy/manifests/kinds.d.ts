// The types of everything that deploy/kubernetes has, by kind: what validate.mjs makes its schema of.
import type { Namespace, ServiceAccount, ConfigMap, Secret } from "kubernetes-types/core/v1";
import type { DaemonSet } from "kubernetes-types/apps/v1";
import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import type { PriorityClass } from "kubernetes-types/scheduling/v1";
import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";

export interface Kinds {
  ConfigMap: ConfigMap;
  DaemonSet: DaemonSet;
  Namespace: Namespace;
  NetworkPolicy: NetworkPolicy;
  PodMonitor: IPodMonitor;
  PriorityClass: PriorityClass;
  Secret: Secret;
  ServiceAccount: ServiceAccount;
}
