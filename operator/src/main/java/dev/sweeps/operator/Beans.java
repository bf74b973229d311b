package dev.sweeps.operator;

import com.fasterxml.jackson.core.StreamReadConstraints;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Produces injected objects of classes that are not ours. */
final class Beans {
    /** Maximum depth of nesting that the API server accepts (k8s.io/apimachinery, json.maxDepth). */
    private static final int MAX_NESTING = 10_000;

    /** Maximum size of a request that the API server accepts, in bytes. No name and no text is longer. */
    private static final int MAX_REQUEST = 3 << 20;

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Reconciliations, retries and queues, at {@code /q/metrics}. */
    @Produces
    @Singleton
    Metrics reconciliationMeters(MeterRegistry registry) {
        return MicrometerMetricsV2.newBuilder(registry).build();
    }

    /** Makes a client that can parse everything the API server admits. An object that cannot be parsed would end the watch of all objects. */
    @Produces
    @Singleton
    KubernetesClientObjectMapperCustomizer limitsOfTheApiServer() {
        return mapper -> mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING + 100)
                        .maxNameLength(MAX_REQUEST)
                        .build());
    }
}
