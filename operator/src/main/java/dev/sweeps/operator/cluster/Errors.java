package dev.sweeps.operator.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.operator.status.SizeLimits;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * What becomes of a pass that ended in an exception. What the API server answered is one line in our log, once, and the pass is made again
 * with growing pauses; everything else is a defect of ours and gets its stack trace.
 */
public final class Errors {
    private static final Logger LOG = Logger.getLogger(Errors.class);

    private final Backoff backoff;
    private final Cache<String, String> said =
            Caffeine.newBuilder().expireAfterAccess(Duration.ofMinutes(10)).build();

    public Errors(Backoff backoff) {
        this.backoff = backoff;
    }

    public <R extends CustomResource<?, ?>> ErrorStatusUpdateControl<R> handle(R resource, Exception e) {
        say(resource, oneLine(e), e instanceof KubernetesClientException ? null : e);
        return ErrorStatusUpdateControl.<R>noStatusUpdate().withNoRetry().rescheduleAfter(backoff.next(resource));
    }

    /**
     * One line in our log about the resource, unless the last one about it was the same.
     *
     * @param defect whose stack trace is wanted; null for none
     * @return whether it was said now
     */
    public boolean say(CustomResource<?, ?> resource, String line, Exception defect) {
        boolean repeated = line.equals(said.asMap().put(resource.getMetadata().getUid(), line));
        if (!repeated) {
            LOG.warnf(
                    defect,
                    "%s %s/%s: %s",
                    resource.getKind(),
                    resource.getMetadata().getNamespace(),
                    resource.getMetadata().getName(),
                    line);
        }
        return !repeated;
    }

    /** Removes line breaks, so that text from outside cannot forge a line of the log. */
    private static String oneLine(Exception e) {
        String message = e instanceof KubernetesClientException answer
                ? Refusal.messageOf(answer)
                : String.valueOf(e.getMessage());
        return SizeLimits.beginning(message.replaceAll("\\p{Cntrl}+", " "), SizeLimits.COLUMN);
    }
}
