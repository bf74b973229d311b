package dev.sweeps.operator.cluster;

import dev.sweeps.operator.status.SizeLimits;
import dev.sweeps.operator.status.Timestamps;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Records events, which {@code kubectl describe} and {@code kubectl get events} show. */
@ApplicationScoped
public class Events {
    /** Maximum number of characters of a note in Kubernetes. */
    private static final int MAX_NOTE = 1024;

    private static final Logger LOG = Logger.getLogger(Events.class);

    private final KubernetesClient client;
    private final Clock clock;

    public Events(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Records an event of type Normal. */
    public void normal(HasMetadata about, String reason, String note) {
        publish(about, "Normal", reason, note);
    }

    /** Records an event of type Warning, about which the user may want to do something. */
    public void warning(HasMetadata about, String reason, String note) {
        publish(about, "Warning", reason, note);
    }

    /**
     * The name of an event follows from what it says, so that an operator that was killed and repeats itself does not tell twice. An
     * event that cannot be written is not worth failing for: all it says stands in a status too.
     */
    private void publish(HasMetadata about, String type, String reason, String note) {
        String now = Timestamps.of(clock.instant());
        String text = SizeLimits.beginning(note, MAX_NOTE);
        UUID digest = UUID.nameUUIDFromBytes(
                (about.getMetadata().getUid() + about.getMetadata().getGeneration() + reason + text).getBytes());
        Event event = new EventBuilder()
                .withNewMetadata()
                .withNamespace(about.getMetadata().getNamespace())
                .withName(
                        about.getMetadata().getName() + "." + digest.toString().substring(0, 13))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
                .withMessage(text)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent("sweep-operator")
                .endSource()
                .withReportingComponent("sweep-operator")
                .build();
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                LOG.debugf(
                        e,
                        "event %s about %s not written",
                        reason,
                        about.getMetadata().getName());
            }
        }
    }
}
