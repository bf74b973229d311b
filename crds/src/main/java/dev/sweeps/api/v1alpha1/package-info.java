/**
 * The API, group {@code sweeps.dev}, version {@code v1alpha1}: what users write and read with kubectl. The descriptions on the
 * fields are the manual that {@code kubectl explain} prints; the manifests under {@code crds/manifests} are generated from them.
 */
package dev.sweeps.api.v1alpha1;
