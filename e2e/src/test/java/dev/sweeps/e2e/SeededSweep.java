package dev.sweeps.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Finished trials that nobody ran: what a large sweep leaves behind, in a minute instead of a day. The operator must not run meanwhile. */
final class SeededSweep {
    private static final int THREADS = 16;

    private final KubernetesClient client;
    private final GenericKubernetesResource sweep;

    /** The Sweep must be suspended, or the operator would run its points once it is back. */
    SeededSweep(KubernetesClient client, String namespace, String sweep) {
        this.client = client;
        this.sweep = client.genericKubernetesResources("sweeps.dev/v1alpha1", "Sweep")
                .inNamespace(namespace)
                .withName(sweep)
                .get();
    }

    /** Does something for each of the numbers from 0 on, many at once: the API server's answers are what takes time. */
    void all(int count, IntConsumer make) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            IntStream.range(0, count)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> make.accept(i), threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * Makes a Trial with its status.
     *
     * @param parameters of its spec, in YAML
     * @param status in JSON
     */
    GenericKubernetesResource trial(String name, String parameters, String status) {
        GenericKubernetesResource trial = make(
                """
                apiVersion: sweeps.dev/v1alpha1
                kind: Trial
                metadata: {name: %s, labels: {sweeps.dev/sweep: %s}, ownerReferences: [%s]}
                spec: {parameters: %s}
                """
                        .formatted(name, sweep.getMetadata().getName(), owner(sweep), parameters));
        patchStatus(trial, status);
        return trial;
    }

    GenericKubernetesResource make(String yaml) {
        return client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .inNamespace(sweep.getMetadata().getNamespace())
                .create();
    }

    void patchStatus(GenericKubernetesResource resource, String status) {
        client.resource(resource)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": " + status + "}");
    }

    /** An owner reference, in YAML. */
    static String owner(GenericKubernetesResource owner) {
        return "{apiVersion: %s, kind: %s, name: %s, uid: %s, controller: true}"
                .formatted(
                        owner.getApiVersion(),
                        owner.getKind(),
                        owner.getMetadata().getName(),
                        owner.getMetadata().getUid());
    }
}
