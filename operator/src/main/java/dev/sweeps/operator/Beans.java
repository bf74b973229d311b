package dev.sweeps.operator;

import com.fasterxml.jackson.core.StreamReadConstraints;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** What is injected and is not a class of ours. */
final class Beans {
    /** The API server's own limit of nesting (k8s.io/apimachinery, json.maxDepth). */
    private static final int MAX_NESTING = 10_000;

    /** Bytes of a request that the API server takes; no name and no text is longer. */
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

    /** What the API server admits can be parsed; one object that cannot would end the watch of all. */
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
