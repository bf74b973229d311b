package dev.sweeps.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Sweep;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.reflect.Proxy;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class InformerStopsTest {
    private final InformerStops stops = new InformerStops();

    @Test
    void aWatchThatWasGivenUpMakesTheOperatorNotAlive() {
        assertThat(stops.call().getStatus()).isEqualTo(Status.UP);
        stops.onStop(sweeps(), new IllegalStateException("an object that cannot be read"));
        assertThat(stops.call().getStatus()).isEqualTo(Status.DOWN);
        assertThat(stops.call().getData())
                .hasValueSatisfying(data -> assertThat(data).containsEntry("stopped", "Sweep"));
    }

    @Test
    void aWatchThatEndsWithTheOperatorIsNoTrouble() {
        stops.onStop(sweeps(), null);
        assertThat(stops.call().getStatus()).isEqualTo(Status.UP);
        stops.onStop(sweeps(), new IllegalStateException("gone for good"));
        stops.onStop(sweeps(), null);
        assertThat(stops.call().getStatus()).isEqualTo(Status.DOWN);
    }

    private static SharedIndexInformer<?> sweeps() {
        return (SharedIndexInformer<?>) Proxy.newProxyInstance(
                InformerStopsTest.class.getClassLoader(),
                new Class<?>[] {SharedIndexInformer.class},
                (informer, method, arguments) -> Sweep.class);
    }
}
